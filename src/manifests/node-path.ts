/** The way from the top of a document to a node: keys and indices. */

import { type Document, type Pair, type YAMLMap, isAlias, isMap, isPair, isScalar, isSeq } from "yaml";

/** Keys and indices from the top of a document. */
export type NodePath = readonly (string | number)[];

/** The last pair of a key. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => keyOf(pair) === key);
}

export function keyOf(pair: Pair): string {
  if (isScalar(pair.key)) return keyText(pair.key.value);
  return isAlias(pair.key) ? `*${pair.key.source}` : "?";
}

/** The parser has a symbol of its own for each `!!merge <<`, as yq writes it, and for each `<<` of YAML 1.1. */
function keyText(value: unknown): string {
  return typeof value === "symbol" ? (value.description ?? "") : String(value);
}

/** Whether a map on the way to a node has the key twice: which of the two counts is left open by the format. */
export function isDoubled(document: Document.Parsed | undefined, path: NodePath): boolean {
  let node: unknown = document?.contents;
  for (const step of path) {
    if (isMap(node)) {
      const pairs = node.items.filter((pair) => keyOf(pair) === String(step));
      if (pairs.length > 1) return true;
      node = pairs[0]?.value;
    } else node = isSeq(node) ? node.items[Number(step)] : null;
  }
  return false;
}

/** The steps from the top to what a visitor stands at: its index or pair is the last of them. */
export function pathOf(key: number | "key" | "value" | null, ancestors: readonly unknown[]): NodePath {
  return ancestors.flatMap((ancestor, depth): NodePath => {
    if (isPair(ancestor)) return [keyOf(ancestor)];
    if (!isSeq(ancestor)) return [];
    const next = ancestors[depth + 1];
    return [next === undefined ? Number(key) : ancestor.items.indexOf(next)];
  });
}
