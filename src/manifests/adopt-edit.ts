/** The edit of a text that gives a node of it another value, as little of it as can be. */

import { type Scalar, type YAMLMap, type YAMLSeq, isAlias, isMap, isScalar, isSeq } from "yaml";
import { keyOf, pairOf } from "./node-path.ts";
import { appendItems, removeItem } from "./item-edit.ts";
import { insertPair, removePair, replaceValue } from "./pair-edit.ts";
import { type JsonRecord, isRecord, sameJson } from "./same-json.ts";
import { type Edits, type TextEdit, replaceWhole } from "./text-edit.ts";
import { indentOf, withLineEnds } from "./text-lines.ts";
import { blockText, scalarText, takesLines } from "./value-text.ts";

/** From a node with the value `was` to the value `now`, which differs. `text` is the whole file. */
export function editsOf(text: string, node: unknown, was: unknown, now: unknown): Edits {
  if (isAlias(node)) return `it stands behind the alias *${node.source}, which others share`;
  if (isMap(node) && isRecord(was) && isRecord(now)) return mapEdits(text, node, was, now);
  if (isSeq(node) && Array.isArray(was) && Array.isArray(now)) return listEdits(text, node, was, now);
  if (isScalar(node)) return scalarEdits(text, node, now);
  return "another sort of value stands there";
}

function mapEdits(text: string, map: YAMLMap, was: JsonRecord, now: JsonRecord): Edits {
  if (new Set(map.items.map(keyOf)).size < map.items.length) return "a key stands there twice";
  if (pairOf(map, "<<") !== undefined) return "a merge key stands there, which others share";
  const keys = new Set([...Object.keys(was), ...Object.keys(now)]);
  const edits: TextEdit[] = [];
  for (const key of keys) {
    if (sameJson(was[key], now[key])) continue;
    const own = keyEdits(text, map, { key, was: was[key], now: now[key] });
    if (typeof own === "string") return own;
    edits.push(...own);
  }
  return edits;
}

interface KeyChange {
  readonly key: string;
  readonly was: unknown;
  readonly now: unknown;
}

function keyEdits(text: string, map: YAMLMap, { key, was, now }: KeyChange): Edits {
  const pair = pairOf(map, key);
  if (pair === undefined) return now === undefined ? [] : insertPair(text, map, key, now);
  if (now === undefined) return removePair(text, map, pair);
  const { value } = pair;
  const isFilled =
    isMap(value) || isSeq(value) || (isScalar(value) && value.value !== null && !takesLines(now));
  if (isFilled && sameSort(was, now)) return editsOf(text, value, was, now);
  if (isAlias(value)) return `it stands behind the alias *${value.source}, which others share`;
  return replaceValue(text, map, pair, now);
}

function sameSort(one: unknown, other: unknown): boolean {
  return isRecord(one) === isRecord(other) && Array.isArray(one) === Array.isArray(other);
}

function scalarEdits(text: string, node: Scalar, now: unknown): Edits {
  const [start, end] = node.range ?? [0, 0];
  if (node.anchor !== undefined) return `the anchor &${node.anchor} stands there, which others share`;
  if (node.type === "BLOCK_LITERAL" && typeof now === "string") {
    const indent = indentOf(text, text.indexOf("\n", start) + 1);
    const block = blockText(now, indent);
    const ended = text[end - 1] === "\n" ? "\n" : "";
    if (block !== null && indent !== "") return [{ start, end, text: withLineEnds(text, block + ended) }];
  }
  if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED")
    return "it is written over several lines, and the new value cannot be";
  return [{ start, end, text: scalarText(now, { type: node.type, source: node.source }) }];
}

/** Items that are there and are not, one by one; several that go or come keep the others as they are. */
function listEdits(text: string, list: YAMLSeq, was: readonly unknown[], now: readonly unknown[]): Edits {
  if (was.length !== list.items.length || list.items.some(isAlias))
    return "an alias stands there, which others share";
  const edits: TextEdit[] = [];
  const removed = was.length > now.length ? removedAt(was, now) : [];
  if (removed === null) return "items of a list without keys were taken out and others changed";
  if (removed.length === was.length) return replaceWhole(text, list, "[]");
  const kept = was.flatMap((_, index) => (removed.includes(index) ? [] : [index]));
  for (const [place, index] of kept.entries()) {
    if (sameJson(was[index], now[place])) continue;
    const own = editsOf(text, list.items[index], was[index], now[place]);
    if (typeof own === "string") return own;
    edits.push(...own);
  }
  for (const index of removed) {
    const own = removeItem(text, list, index);
    if (typeof own === "string") return own;
    edits.push(...own);
  }
  const added = now.slice(kept.length);
  return added.length === 0 ? edits : [...edits, ...appendItems(text, list, added)];
}

/** Which items are gone when all others are as they were; null where that cannot be told. */
function removedAt(was: readonly unknown[], now: readonly unknown[]): readonly number[] | null {
  const removed: number[] = [];
  let at = 0;
  for (const [index, item] of was.entries()) {
    if (at < now.length && sameJson(item, now[at])) at += 1;
    else removed.push(index);
  }
  return at === now.length ? removed : null;
}
