/** Tags of which only a part is written where the image stands: `1.2.3` of `v1.2.3`. */

import type { RE2JS } from "re2js";
import { type Result, ok } from "../model/failure.ts";
import { compareSpelling } from "./compare-spelling.ts";
import { compilePattern } from "./tag-filter.ts";

/** What is written of each tag, once; `pattern` is the `part` of an image's policy. A tag that it does not match is left out. */
export function writtenParts(tags: readonly string[], pattern: string): Result<readonly string[]> {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return compiled;
  return ok([...new Set(tags.flatMap((tag) => partOf(tag, compiled.value) ?? []))]);
}

/** The tag of which a text is written; of several the one that the tie-break of every policy has for the latest. */
export function tagWritten(text: string, tags: readonly string[], pattern: string): string {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return text;
  const written = tags.filter((tag) => tag.includes(text) && partOf(tag, compiled.value) === text);
  return written.toSorted(compareSpelling).at(-1) ?? text;
}

/** Null where nothing is to be written of a tag. */
function partOf(tag: string, pattern: RE2JS): string | null {
  const matcher = pattern.matcher(tag);
  return matcher.find() ? matcher.group("version") || null : null;
}
