/** The two structural steps of server-side apply: lay a configuration over an object, take fields out of it. */

import { type FieldSet, itemSegment, joinPath, splitPath } from "./field-set.ts";
import { type Tree, isTree } from "./json-tree.ts";
import { isAtomicMap, listShape } from "./list-keys.ts";

/** A new value: maps merge, lists merge by their keys, everything else is replaced. */
export function mergeOver(live: unknown, wanted: unknown, path: readonly string[] = []): unknown {
  if (isTree(live) && isTree(wanted) && !isAtomicMap(path)) {
    const merged: Tree = { ...live };
    for (const [key, part] of Object.entries(wanted)) {
      merged[key] = mergeOver(live[key], part, [...path, `f:${key}`]);
    }
    return merged;
  }
  const shape = Array.isArray(wanted) ? listShape(path) : "atomic";
  if (!Array.isArray(live) || !Array.isArray(wanted) || shape === "atomic") return structuredClone(wanted);
  return mergeItems(live, wanted, { path, shape });
}

/** Items keep their place; new ones follow in the order of the configuration. */
function mergeItems(
  live: readonly unknown[],
  wanted: readonly unknown[],
  { path, shape }: { path: readonly string[]; shape: readonly string[] | "set" },
): unknown[] {
  const news = new Map(wanted.map((item) => [itemSegment(item, shape), item]));
  const kept = live.map((item) => {
    const segment = itemSegment(item, shape);
    if (!news.has(segment)) return item;
    const merged = mergeOver(item, news.get(segment), [...path, segment]);
    news.delete(segment);
    return merged;
  });
  return [...kept, ...structuredClone([...news.values()])];
}

/** A new object without these fields and items; maps that become empty by it go with them where they hold only strings. */
export function withoutFields(object: Tree, fields: FieldSet): Tree {
  const copy = structuredClone(object);
  // Items before their parts: without its key an item would not be found any more.
  const paths = [...fields].map(splitPath).sort((one, other) => one.length - other.length);
  for (const path of paths) removeAt(copy, path, []);
  return copy;
}

const stringMaps = new Set(["f:labels", "f:annotations", "f:data", "f:binaryData"]);

function removeAt(node: unknown, path: readonly string[], trail: readonly string[]): void {
  const [segment = "", ...rest] = path;
  if (isTree(node) && segment.startsWith("f:")) {
    const key = segment.slice(2);
    if (rest.length === 0) delete node[key];
    else removeAt(node[key], rest, [...trail, segment]);
    const child = node[key];
    if (stringMaps.has(segment) && isTree(child) && Object.keys(child).length === 0) delete node[key];
    return;
  }
  const shape = listShape(trail);
  if (!Array.isArray(node) || shape === "atomic") return;
  const index = node.findIndex((item) => itemSegment(item, shape) === segment);
  if (index < 0) return;
  if (rest.length === 0) node.splice(index, 1);
  else removeAt(node[index], rest, [...trail, segment]);
}

/**
 * Whether owning these fields holds a field in place: a map is held by anything beneath it, an item of a list only by
 * owning the item itself.
 */
export function holds(fields: FieldSet, path: string): boolean {
  if (fields.has(path)) return true;
  if (!splitPath(path).at(-1)?.startsWith("f:")) return false;
  const beneath = joinPath([path, ""]);
  for (const field of fields) if (field.startsWith(beneath)) return true;
  return false;
}
