/** Edits of a text, and those that add or take away whole lines and empty a collection. */

import type { YAMLMap, YAMLSeq } from "yaml";
import { endOfLine, lineEndOf, withLineEnds } from "./text-lines.ts";

/** UTF-16 offsets of the text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits that do not overlap, or half a sentence why there are none. */
export type Edits = readonly TextEdit[] | string;

/** As a line of its own behind that in which the offset stands. */
export function insertLine(text: string, offset: number, line: string): TextEdit {
  const newline = lineEndOf(text);
  if (text[offset - 1] === "\n")
    return { start: offset, end: offset, text: withLineEnds(text, line) + newline };
  const at = endOfLine(text, offset);
  return { start: at, end: at, text: newline + withLineEnds(text, line) };
}

export function removeLines(text: string, begin: number, last: number): TextEdit {
  if (text[last - 1] === "\n") return { start: begin, end: last, text: "" };
  const newline = text.indexOf("\n", last);
  if (newline >= 0) return { start: begin, end: newline + 1, text: "" };
  const before = begin > 0 ? begin - (text[begin - 2] === "\r" ? 2 : 1) : begin;
  return { start: before, end: text.length, text: "" };
}

/** A collection of one that is to be empty. */
export function replaceWhole(text: string, node: YAMLMap | YAMLSeq, empty: string): Edits {
  const [start, end] = node.range ?? [0, 0];
  if (node.flow === true) return [{ start, end, text: empty }];
  if (node.anchor !== undefined) return `the anchor &${node.anchor} stands there, which others share`;
  const before = text.slice(0, start).trimEnd();
  if (!before.endsWith(":") && !before.endsWith("-")) return "nothing may be left there";
  const ended = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? "";
  return [{ start: before.length, end, text: ` ${empty}${ended}` }];
}

/** The text with all edits made; null where two of them overlap. */
export function replaced(text: string, edits: readonly TextEdit[]): string | null {
  let at = 0;
  let made = "";
  for (const { start, end, text: own } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) return null;
    made += text.slice(at, start) + own;
    at = end;
  }
  return made + text.slice(at);
}
