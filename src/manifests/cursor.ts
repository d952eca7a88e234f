/** A way through a parsed document; aliases and merge keys lead to where the value really stands. */

import {
  type Document,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isMap,
  isScalar,
  isSeq,
} from "yaml";
import { type Anchors, anchorsOf } from "./anchors.ts";
import { type NodePath, keyOf } from "./node-path.ts";

type Content = YAMLMap | YAMLSeq | Scalar;

/**
 * A node that is no alias, and where it stands: behind an alias that is the place of the anchor. What is found below it is
 * kept, as several shapes go the same ways.
 */
export class Cursor {
  readonly node: Content;
  readonly #anchors: Anchors;
  readonly #parent: Cursor | null;
  readonly #step: string | number;
  #path: NodePath | null = null;
  #values: ReadonlyMap<string, Cursor | null> | null = null;
  #entries: readonly (readonly [string, Cursor])[] | null = null;
  #items: readonly (Cursor | null)[] | null = null;

  private constructor(node: Content, anchors: Anchors, parent: Cursor | null, step: string | number) {
    this.node = node;
    this.#anchors = anchors;
    this.#parent = parent;
    this.#step = step;
  }

  /** The top of a document; null for an empty one. */
  static top(document: Document.Parsed): Cursor | null {
    const { contents } = document;
    const top = isMap(contents) || isSeq(contents) || isScalar(contents) ? contents : null;
    return top === null ? null : new Cursor(top, anchorsOf(document), null, "");
  }

  /** Put together when asked for: most of the places that a walk goes through have nothing to tell. */
  get path(): NodePath {
    this.#path ??= this.#parent === null ? [] : [...this.#parent.path, this.#step];
    return this.#path;
  }

  /** By key; the last of two equal ones counts, as clusters read them. Null for what an unknown alias stands for. */
  get values(): ReadonlyMap<string, Cursor | null> {
    if (this.#values !== null) return this.#values;
    const values = new Map<string, Cursor | null>();
    if (isMap(this.node)) {
      for (const pair of this.node.items) values.set(keyOf(pair), this.#open(pair.value, keyOf(pair)));
    }
    this.#values = values;
    return values;
  }

  /** Those of `values` that stand here. */
  get entries(): readonly (readonly [string, Cursor])[] {
    this.#entries ??= [...this.values].flatMap(([key, value]) =>
      value === null || value.#parent !== this ? [] : [[key, value] as const],
    );
    return this.#entries;
  }

  /** By index; null for what an unknown alias stands for. */
  get items(): readonly (Cursor | null)[] {
    this.#items ??= isSeq(this.node) ? this.node.items.map((item, index) => this.#open(item, index)) : [];
    return this.#items;
  }

  /** Whether it stands where it was come from: not behind an alias. */
  isIn(parent: Cursor): boolean {
    return this.#parent === parent;
  }

  #open(value: unknown, step: string | number): Cursor | null {
    const found = isAlias(value) ? this.#anchors(value) : undefined;
    const node = found === undefined ? value : found.node;
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
    const cursor = new Cursor(node, this.#anchors, found === undefined ? this : null, step);
    if (found !== undefined) cursor.#path = found.path;
    return cursor;
  }
}

/** The top of a document; null for an empty one. */
export function topOf(document: Document.Parsed): Cursor | null {
  return Cursor.top(document);
}

/**
 * The value of a key or index. The last of two equal keys counts, as clusters read them; a key that is not there is looked
 * for behind the merge key `<<`.
 */
export function childOf(cursor: Cursor, key: string | number, merges = 3): Cursor | null {
  if (isSeq(cursor.node)) return cursor.items[Number(key)] ?? null;
  if (!isMap(cursor.node)) return null;
  const found = cursor.values.get(String(key));
  if (found !== undefined || key === "<<" || merges === 0) return found ?? null;
  const merged = cursor.values.get("<<") ?? null;
  if (merged === null) return null;
  const sources = isSeq(merged.node) ? itemsOf(merged) : [merged];
  for (const source of sources) {
    const inherited = childOf(source, key, merges - 1);
    if (inherited !== null) return inherited;
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
export function itemsOf(cursor: Cursor): readonly Cursor[] {
  return cursor.items.filter((item) => item !== null);
}

/** Keys and values of a map, without what aliases and merge keys bring: walking all of them ends. */
export function ownEntries(map: Cursor): readonly (readonly [string, Cursor])[] {
  return map.entries;
}

/** The items of a list that are no aliases. */
export function ownItems(list: Cursor): readonly Cursor[] {
  return list.items.filter((item) => item?.isIn(list) === true) as readonly Cursor[];
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
