/** The folders of `apps`: a path with captures like `apps/{app}/overlays/{environment}`. */

const capture = /\{([^{}]*)\}/g;
const captureName = /^[A-Za-z][A-Za-z0-9_-]{0,38}$/;

/** The names of a pattern's captures, in order. */
export function capturesOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(capture)].map((found) => found[1] ?? "");
}

/** Why a pattern of folders is not understood, or null. */
export function patternProblem(pattern: string): string | null {
  const names = capturesOf(pattern);
  const bad = names.find((name) => !captureName.test(name));
  if (bad !== undefined) return `"{${bad}}" is not a capture: it is named with letters, digits, _ and -`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `"{${twice}}" stands twice in the pattern`;
  const bare = pattern.replaceAll(capture, "x");
  if (/[{}]/.test(bare)) return "a brace does not close";
  if (bare.includes("**")) return "** is not supported here: write one {capture} or * for each folder";
  if (/[?[\]\\]/.test(bare)) return "only {captures} and * can stand for names of folders";
  const crowded = pattern.split("/").find((part) => part.split(/\{[^{}]*\}|\*/).length > 4);
  if (crowded !== undefined) return `"${crowded}": at most three captures or stars in the name of one folder`;
  return folderProblem(bare);
}

/** Why a folder is not one of the repository, or null; `.` is the whole repository. */
function folderProblem(folder: string): string | null {
  if (folder === ".") return null;
  if (folder.length > 500) return "the path is too long";
  if (folder.startsWith("/") || folder.endsWith("/")) return "a folder has no slash at its begin or end";
  const odd = folder.split("/").find((part) => part === "" || part === "." || part === "..");
  return odd === undefined
    ? null
    : "a folder is named from the top of the repository, without . or .. or empty parts";
}

/** The captures of every folder of the repository that the pattern matches, by folder. */
export function matchFolders(
  pattern: string,
  files: Iterable<string>,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const matched = new Map<string, Readonly<Record<string, string>>>();
  if (pattern === ".") return matched.set(".", {});
  const parts = pattern.split("/");
  const expressions = parts.map(partExpression);
  const seen = new Set<string>();
  for (const file of files) {
    const folders = file.split("/").slice(0, -1);
    if (folders.length < parts.length) continue;
    const candidate = folders.slice(0, parts.length);
    const folder = candidate.join("/");
    if (seen.has(folder)) continue;
    seen.add(folder);
    const captures = matchParts(expressions, candidate);
    if (captures !== null) matched.set(folder, captures);
  }
  return matched;
}

/** Captures and stars each stand for at least one character within one folder's name. */
function partExpression(part: string): RegExp {
  const pieces = part.split(/(\{[^{}]*\}|\*)/).map((piece) => {
    if (piece === "*") return "[^/]+?";
    if (piece.startsWith("{")) return `(?<${groupName(piece.slice(1, -1))}>[^/]+?)`;
    return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${pieces.join("")}$`);
}

function matchParts(expressions: readonly RegExp[], names: readonly string[]): Record<string, string> | null {
  const captures: Record<string, string> = {};
  for (const [index, expression] of expressions.entries()) {
    const found = expression.exec(names[index] ?? "");
    if (found === null) return null;
    for (const [group, value] of Object.entries(found.groups ?? {})) captures[captureOf(group)] = value;
  }
  return captures;
}

/** A hyphen cannot stand in the name of a group. */
function groupName(name: string): string {
  return `c${name.replaceAll("-", "$")}`;
}

function captureOf(group: string): string {
  return group.slice(1).replaceAll("$", "-");
}
