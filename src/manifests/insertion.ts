/** Where a new key of a map would be written: behind its last one, in the map's own layout. */

import { type YAMLMap, isNode, isScalar } from "yaml";

export interface Insertion {
  /** A UTF-16 offset of the text. */
  readonly offset: number;
  /** What to write there for a key and its value, both as YAML. */
  readonly text: (key: string, value: string) => string;
}

/** Null where the map has no key yet, or ends in something that spans lines. */
export function insertionOf(text: string, map: YAMLMap): Insertion | null {
  const last = map.items.at(-1);
  if (last === undefined || !isNode(last.key) || !isScalar(last.value)) return null;
  const [keyRange, valueRange] = [last.key.range, last.value.range];
  if (!keyRange || !valueRange || text.slice(keyRange[0], valueRange[1]).includes("\n")) return null;
  if (map.flow === true) return { offset: valueRange[1], text: (key, value) => `, ${key}: ${value}` };
  const indent = " ".repeat(keyRange[0] - (text.lastIndexOf("\n", keyRange[0] - 1) + 1));
  const newline = text.indexOf("\n", valueRange[1]);
  const lineEnd = newline < 0 ? text.length : newline;
  const crlf = text[lineEnd - 1] === "\r" || (newline < 0 && text.includes("\r\n"));
  const offset = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
  return { offset, text: (key, value) => `${crlf ? "\r\n" : "\n"}${indent}${key}: ${value}` };
}
