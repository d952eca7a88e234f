/** The globs of the settings files, matched in linear time: a pattern of a repository can never stall the process. */

import { RE2JS } from "re2js";

/** Longer patterns are refused: nobody means them. */
const maximumLength = 200;

/** Why a glob is not understood, or null. Known are `*`, `**`, `?`, `{a,b}` and `[a-z]`; the rest stands for itself. */
export function globProblem(glob: string): string | null {
  if (glob === "" || glob.length > maximumLength) return `a pattern has 1 to ${maximumLength} characters`;
  if (/[!@+*?]\(/.test(glob)) return `"${glob}": patterns with parentheses are not supported`;
  if (glob.startsWith("!")) return `"${glob}": a pattern cannot be negated`;
  if (glob.includes("\\")) return `"${glob}": folders are separated by / and nothing needs a backslash`;
  if (!balanced(glob)) return `"${glob}": braces or brackets that do not close, or stand within each other`;
  try {
    RE2JS.compile(source(glob));
    return null;
  } catch {
    return `"${glob}" is not a pattern`;
  }
}

/**
 * Whether one of the globs matches the whole text. `*` and `?` stay within a folder, `**` crosses folders, and all three
 * match a leading dot, so that no hidden file slips past a rule. A glob that `globProblem` refuses matches nothing.
 */
export function matchesGlob(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => compiled(glob)?.matches(text) ?? false);
}

const cache = new Map<string, RE2JS | null>();

function compiled(glob: string): RE2JS | null {
  const known = cache.get(glob);
  if (known !== undefined) return known;
  const made = globProblem(glob) === null ? RE2JS.compile(source(glob)) : null;
  if (cache.size >= 1000) cache.clear();
  cache.set(glob, made);
  return made;
}

/** Braces and brackets must close and may not nest: then their meaning needs no manual. */
function balanced(glob: string): boolean {
  const bare = glob.replaceAll(/\{[^{}[\]]*\}|\[[^{}[\]]+\]/g, "");
  return !/[{}[\]]/.test(bare);
}

const piece = /\/\*\*$|\*\*\/|\*\*|\*|\?|\{[^}]*\}|\[[^\]]+\]|[^*?{[]+?/g;

function source(glob: string): string {
  return glob.replaceAll(piece, (part) => {
    if (part === "/**") return "/.*";
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("{"))
      return `(?:${part
        .slice(1, -1)
        .split(",")
        .map((option) => source(option))
        .join("|")})`;
    if (part.startsWith("[")) return part.replace(/^\[!/, "[^/").replaceAll(/[\\&~]/g, "\\$&");
    return RE2JS.quote(part);
  });
}
