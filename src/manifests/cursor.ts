/** A way through a parsed document; aliases and merge keys lead to where the value really stands. */

import {
  type Alias,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
} from "yaml";

/** Keys and indices from the top of a document. */
export type NodePath = readonly (string | number)[];

/** A node that is no alias, and where it stands: behind an alias that is the place of the anchor. */
export interface Cursor {
  readonly node: YAMLMap | YAMLSeq | Scalar;
  readonly path: NodePath;
  readonly tree: Tree;
}

/** What is known of a document: several shapes walk through it one after the other. */
interface Tree {
  readonly anchors: Anchors;
  readonly entries: Map<Node, readonly (readonly [string, Cursor])[]>;
}

interface Anchored {
  readonly node: Node;
  readonly path: NodePath;
}

/** The node that an alias stands for. */
type Anchors = (alias: Alias) => Anchored | undefined;

/** The top of a document; null for an empty one. */
export function topOf(document: Document.Parsed): Cursor | null {
  return open(document.contents, [], { anchors: anchorsOf(document), entries: new Map() });
}

/**
 * The value of a key or index. The last of two equal keys counts, as clusters read them; a key that is not there is looked
 * for behind the merge key `<<`.
 */
export function childOf(cursor: Cursor, key: string | number, merges = 3): Cursor | null {
  const { node, path, tree } = cursor;
  if (isSeq(node)) return open(node.items[Number(key)], [...path, Number(key)], tree);
  if (!isMap(node)) return null;
  const pair = pairOf(node, String(key));
  if (pair !== undefined) return open(pair.value, [...path, key], tree);
  if (key === "<<" || merges === 0) return null;
  const merged = childOf(cursor, "<<");
  const sources = merged !== null && isSeq(merged.node) ? itemsOf(merged) : [merged];
  for (const source of sources) {
    const found = source === null ? null : childOf(source, key, merges - 1);
    if (found !== null) return found;
  }
  return null;
}

/** The value at the end of several keys. */
export function descend(cursor: Cursor, keys: NodePath): Cursor | null {
  let at: Cursor | null = cursor;
  for (const key of keys) at = at === null ? null : childOf(at, key);
  return at;
}

/** The items of a list; none for anything else. */
export function itemsOf({ node, path, tree }: Cursor): readonly Cursor[] {
  if (!isSeq(node)) return [];
  return node.items.flatMap((item, index) => open(item, [...path, index], tree) ?? []);
}

/** Keys and values of a map, without what aliases and merge keys bring: walking all of them ends. */
export function ownEntries(map: Cursor): readonly (readonly [string, Cursor])[] {
  const { node, path, tree } = map;
  if (!isMap(node)) return [];
  const known = tree.entries.get(node);
  if (known !== undefined) return known;
  const last = new Map(node.items.map((pair) => [keyOf(pair), pair]));
  const entries = [...last].flatMap(([key, pair]) => {
    const value = isAlias(pair.value) ? null : open(pair.value, [...path, key], tree);
    return value === null ? [] : [[key, value] as const];
  });
  tree.entries.set(node, entries);
  return entries;
}

/** The items of a list that are no aliases. */
export function ownItems({ node, path, tree }: Cursor): readonly Cursor[] {
  if (!isSeq(node)) return [];
  return node.items.flatMap((item, index) =>
    isAlias(item) ? [] : (open(item, [...path, index], tree) ?? []),
  );
}

/** A scalar as its text stands in the file, so that `1.10` keeps its zero; empty for null, null for no scalar. */
export function textOf(cursor: Cursor | null): string | null {
  if (cursor === null || !isScalar(cursor.node)) return null;
  const { value, source } = cursor.node;
  if (value === null) return "";
  return typeof value === "string" ? value : (source ?? null);
}

/** The text of a key of a map; empty where there is none. */
export function textAt(cursor: Cursor, key: string): string {
  return textOf(childOf(cursor, key)) ?? "";
}

/** The last pair of a key. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => keyOf(pair) === key);
}

export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "?";
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

function open(value: unknown, path: NodePath, tree: Tree): Cursor | null {
  const found = isAlias(value) ? tree.anchors(value) : { node: value, path };
  const node = found?.node;
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
  return { node, path: found?.path ?? path, tree };
}

/** An alias means the anchor of its name that ended last before it, so that no way leads in a circle. */
function anchorsOf(document: Document.Parsed): Anchors {
  let known: readonly (Anchored & { readonly name: string })[] | null = null;
  return (alias) => {
    known ??= anchoredNodes(document);
    const before = alias.range?.[0] ?? 0;
    return known.findLast(
      ({ name, node }) => name === alias.source && (node.range?.[1] ?? Infinity) <= before,
    );
  };
}

function anchoredNodes(document: Document.Parsed): readonly (Anchored & { readonly name: string })[] {
  const found: (Anchored & { readonly name: string })[] = [];
  visit(document, {
    Value: (key, node, ancestors) => {
      if (node.anchor !== undefined) found.push({ name: node.anchor, node, path: pathOf(key, ancestors) });
    },
  });
  return found;
}

/** Where an alias stands and where the value does that it brings. */
export interface Link {
  readonly from: NodePath;
  readonly to: NodePath;
}

/** Every alias of a document; behind a merge key `from` is the map that takes the keys over. */
export function linksOf(document: Document.Parsed): readonly Link[] {
  const anchors = anchorsOf(document);
  const links: Link[] = [];
  visit(document, {
    Alias: (key, node, ancestors) => {
      const to = anchors(node)?.path;
      const path = pathOf(key, ancestors);
      const merge = path.lastIndexOf("<<");
      if (to !== undefined) links.push({ from: merge < 0 ? path : path.slice(0, merge), to });
    },
  });
  return links;
}

/** The steps from the top to what a visitor stands at: its index or pair is the last of them. */
function pathOf(key: number | "key" | "value" | null, ancestors: readonly unknown[]): NodePath {
  return ancestors.flatMap((ancestor, depth): NodePath => {
    if (isPair(ancestor)) return [keyOf(ancestor)];
    if (!isSeq(ancestor)) return [];
    const next = ancestors[depth + 1];
    return [next === undefined ? Number(key) : ancestor.items.indexOf(next)];
  });
}
