/** Where a new key of a map would be written, in the map's own layout. */

import { type Node, type Pair, type YAMLMap, isNode, isScalar } from "yaml";
import { needsQuotes } from "./quoting.ts";

export interface Insertion {
  /** A UTF-16 offset of the text. */
  readonly offset: number;
  /** What to write there for a key and the text of its value. */
  readonly text: (key: string, value: string) => string;
}

/** Behind the last of its keys that stands on one line with its value, else before the first. Null for a map without keys. */
export function insertionOf(text: string, map: YAMLMap): Insertion | null {
  const pairs = map.items.flatMap((pair) => placed(pair) ?? []);
  const [first, last] = [pairs[0], pairs.at(-1)];
  if (first === undefined || last === undefined) return null;
  const pair = pairOf(last.isQuoted);
  if (map.flow === true) return { offset: last.end, text: (key, value) => `, ${pair(key, value)}` };
  const whole = pairs.findLast(({ start, end }) => !text.slice(start, end).includes("\n"));
  const newline = lineEndOf(text);
  const indent = " ".repeat(first.start - (text.lastIndexOf("\n", first.start - 1) + 1));
  if (whole === undefined)
    return { offset: first.start, text: (key, value) => `${pair(key, value)}${newline}${indent}` };
  const offset = endOfLine(text, whole.end);
  return { offset, text: (key, value) => `${newline}${indent}${pair(key, value)}` };
}

interface PlacedPair {
  /** Of the key; `end` is that of its value. */
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function placed({ key, value }: Pair): PlacedPair | null {
  if (!isNode(key) || !key.range) return null;
  const range = (isNode(value) ? (value as Node).range : null) ?? key.range;
  const isQuoted = isScalar(key) && key.type === "QUOTE_DOUBLE";
  return { start: key.range[0], end: range[1], isQuoted };
}

/** JSON has quotes round every key and every text. */
function pairOf(quoted: boolean): Insertion["text"] {
  return (key, value) =>
    `${quoted ? `"${key}"` : key}: ${quoted || needsQuotes(value) ? `"${value}"` : value}`;
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** The end of the line of an offset, before its line end of whatever kind. */
function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === "\r" ? end - 1 : end;
}
