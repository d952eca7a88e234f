/** The patterns of CODEOWNERS: those of .gitignore but for what GitHub says does not work in them. */

/** Segments between slashes; `**` stands for any number of folders. */
export interface OwnersPattern {
  readonly segments: readonly string[];
  /** Whether a folder that it matches stands for all that lies within. */
  readonly deep: boolean;
  /** Whether it matches folders alone, so that a file of the name is not meant. */
  readonly folder: boolean;
}

/** Why a pattern is not understood, or null. */
export function patternProblem(pattern: string): string | null {
  if (pattern.startsWith("!")) return `"${pattern}": a pattern cannot be negated`;
  if (/[[\]]/.test(pattern)) return `"${pattern}": ranges of characters in brackets do not work`;
  if (/\\(?! )/.test(pattern)) return `"${pattern}": only a blank can have a backslash before it`;
  return pattern.includes("***") ? `"${pattern}": three asterisks mean nothing` : null;
}

/**
 * One without a slash but at its end matches at any depth, one with a slash from the top. `folder/*` means the files of the
 * folder alone, unlike in .gitignore.
 */
export function readPattern(pattern: string): OwnersPattern {
  const text = pattern.replaceAll("\\ ", " ");
  const folder = text.endsWith("/");
  const bare = text.replace(/^\//, "").replace(/\/$/, "");
  const anchored = text.replace(/\/$/, "").includes("/");
  const given = bare.split("/");
  const segments = anchored ? given : ["**", ...given];
  const last = segments.at(-1);
  return { segments, deep: folder || !(anchored && last === "*"), folder };
}

/** Case matters, whatever the system. Takes time in proportion to pattern times path. */
export function matchesPath({ segments, deep, folder }: OwnersPattern, path: string): boolean {
  const names = path.split("/");
  // What of the pattern's beginnings matches the names so far: `reached[n]` for its first n segments.
  let reached = open(segments, new Set([0]));
  for (const [at, name] of names.entries()) {
    const next = new Set<number>();
    for (const n of reached) {
      const segment = segments[n];
      if (segment === "**") next.add(n).add(n === segments.length - 1 ? n + 1 : n);
      else if (segment !== undefined && matchesName(segment, name)) next.add(n + 1);
    }
    reached = open(segments, next);
    const isFile = at === names.length - 1;
    if (reached.has(segments.length) && (isFile ? !folder : deep)) return true;
  }
  return false;
}

/** `**` may stand for no folder at all; at the end of a pattern it is everything within, and so at least one name. */
function open(segments: readonly string[], reached: Set<number>): Set<number> {
  for (const n of reached) if (segments[n] === "**" && n < segments.length - 1) reached.add(n + 1);
  return reached;
}

/** `*` is any number of characters of a name and `?` is one: greedy, going back to the last `*` alone. */
function matchesName(segment: string, name: string): boolean {
  let [at, of, star, from] = [0, 0, -1, 0];
  while (of < name.length) {
    if (at < segment.length && segment[at] === "*") {
      [star, from] = [at, of];
      at += 1;
    } else if (at < segment.length && (segment[at] === "?" || segment[at] === name[of])) {
      at += 1;
      of += 1;
    } else if (star >= 0) {
      from += 1;
      [at, of] = [star + 1, from];
    } else {
      return false;
    }
  }
  return /^\**$/.test(segment.slice(at));
}
