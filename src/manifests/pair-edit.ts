/** Edits that give a map a key, take one from it, or write another value behind its colon. */

import type { Node, Pair, YAMLMap } from "yaml";
import { type Edits, insertLine, removeLines, replaceWhole } from "./text-edit.ts";
import { indentOf, lineStart, withLineEnds } from "./text-lines.ts";
import { blockText, collectionText, scalarText, takesLines } from "./value-text.ts";

/** A pair gets a value of another sort, or one where it had none. */
export function replaceValue(text: string, map: YAMLMap, pair: Pair, now: unknown): Edits {
  const key = pair.key as Node;
  const value = pair.value as Node | null;
  const start = text.indexOf(":", key.range?.[1] ?? 0) + 1;
  const end = Math.max(start, value?.range?.[1] ?? start);
  const written = text.slice(start, end);
  if (/[#&!]/.test(written.replace(/\n$/, ""))) return "a comment or a tag stands there";
  const below =
    map.flow === true
      ? ` ${JSON.stringify(now)}`
      : pairValue(now, indentOf(text, lineStart(text, key.range?.[0] ?? 0)));
  const ended = written.endsWith("\n") ? "\n" : "";
  return [{ start, end, text: withLineEnds(text, below + ended) }];
}

export function insertPair(text: string, map: YAMLMap, key: string, now: unknown): Edits {
  const last = map.items.at(-1);
  const first = map.items[0]?.key as Node | undefined;
  if (last === undefined || first?.range === undefined || first.range === null) {
    const [start, end] = map.range ?? [0, 0];
    return [{ start, end, text: JSON.stringify({ [key]: now }) }];
  }
  const end = endOfPair(last);
  const quoted = map.flow === true && /"/.test(text[first.range[0]] ?? "");
  const name = quoted ? JSON.stringify(key) : scalarText(key);
  if (map.flow === true) {
    return [{ start: end, end, text: `, ${name}: ${JSON.stringify(now)}` }];
  }
  const indent = " ".repeat(first.range[0] - lineStart(text, first.range[0]));
  return [insertLine(text, end, `${indent}${name}:${pairValue(now, indent)}`)];
}

export function removePair(text: string, map: YAMLMap, pair: Pair): Edits {
  const at = map.items.indexOf(pair);
  const start = (pair.key as Node).range?.[0] ?? 0;
  const next = map.items[at + 1]?.key as Node | undefined;
  if (map.items.length === 1) return replaceWhole(text, map, "{}");
  if (map.flow === true && next === undefined) {
    const before = map.items[at - 1];
    return [{ start: before === undefined ? start : endOfPair(before), end: endOfPair(pair), text: "" }];
  }
  const begin = lineStart(text, start);
  const isFirstOnLine = text.slice(begin, start).trim() === "";
  if (map.flow === true || !isFirstOnLine)
    return [{ start, end: next?.range?.[0] ?? endOfPair(pair), text: "" }];
  return [removeLines(text, begin, endOfPair(pair))];
}

/** Behind the colon of a key with this indent. */
function pairValue(now: unknown, indent: string): string {
  if (typeof now === "string" && now.includes("\n"))
    return ` ${blockText(now, `${indent}  `) ?? JSON.stringify(now)}`;
  if (!takesLines(now)) return ` ${scalarText(now)}`;
  return `\n${indent}  ${collectionText(now, `${indent}  `)}`;
}

function endOfPair({ key, value }: Pair): number {
  const own = (value as Node | null)?.range ?? (key as Node).range;
  return own?.[1] ?? 0;
}
