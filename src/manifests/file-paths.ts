/** Files of which the configuration says where their images stand: they need no kind, and no ending. */

import type { KindPaths } from "./kind-paths.ts";

/** A row for one file: what stands in braces in its `image` is filled in from the file's path. Null for other files. */
export function forFile(row: KindPaths, file: string): KindPaths | null {
  const found = row.files === undefined ? null : patternOf(row.files).exec(file);
  if (found === null) return null;
  const named = found.groups ?? {};
  const image = row.image?.replaceAll(/\{(\w+)\}/g, (whole, name: string) => named[name] ?? whole);
  return { ...row, ...(image === undefined ? {} : { image }) };
}

const patterns = new Map<string, RegExp>();

/** `*` stands for a part of a step, `**` for any steps, `{name}` for a step or part of one. */
function patternOf(glob: string): RegExp {
  const known = patterns.get(glob);
  if (known !== undefined) return known;
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\{\w+\}|[^*{}]+/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part.startsWith("{")
      ? `(?<${part.slice(1, -1)}>[^/]+)`
      : part.replaceAll(/[\\^$.|?+()[\]]/g, "\\$&");
  });
  const pattern = new RegExp(`^${source}$`);
  patterns.set(glob, pattern);
  return pattern;
}
