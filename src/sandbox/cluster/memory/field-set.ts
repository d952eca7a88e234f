/** Sets of field paths, as `fieldsV1` writes them: the arithmetic of ownership. */

import { type Tree, canonical, isTree } from "./json-tree.ts";
import { isAtomicMap, keyDefaults, listShape } from "./list-keys.ts";

/** A path is its segments joined by NUL: `f:spec`, `f:replicas`; `k:{"name":"web"}` is an item of a list, `v:"x"` of a set. */
export type FieldSet = ReadonlySet<string>;

const separator = "\0";

export function joinPath(segments: readonly string[]): string {
  return segments.join(separator);
}

export function splitPath(path: string): string[] {
  return path.split(separator);
}

/** What nobody owns: identity and what the server keeps itself. */
const stripped = new Set(
  ["f:apiVersion", "f:kind"].concat(
    [
      "name",
      "namespace",
      "uid",
      "resourceVersion",
      "generation",
      "creationTimestamp",
      "deletionTimestamp",
      "managedFields",
      "selfLink",
    ].map((name) => joinPath(["f:metadata", `f:${name}`])),
  ),
);

/** The leaves of an object and the items of its lists, each with its value as text (items: empty). */
export function leavesOf(object: Tree): Map<string, string> {
  const leaves = new Map<string, string>();
  collect(object, [], leaves);
  return leaves;
}

function collect(value: unknown, path: readonly string[], leaves: Map<string, string>): void {
  const here = joinPath(path);
  if (stripped.has(here)) return;
  if (isTree(value) && Object.keys(value).length > 0 && !isAtomicMap(path)) {
    for (const [key, part] of Object.entries(value)) collect(part, [...path, `f:${key}`], leaves);
    return;
  }
  const shape = Array.isArray(value) ? listShape(path) : "atomic";
  if (!Array.isArray(value) || shape === "atomic") {
    if (path.length > 0) leaves.set(here, canonical(value));
    return;
  }
  for (const item of value as unknown[]) {
    const itemPath = [...path, itemSegment(item, shape)];
    leaves.set(joinPath(itemPath), "");
    if (isTree(item)) collect(item, itemPath, leaves);
  }
}

/** The segment of one item of a list that merges. */
export function itemSegment(item: unknown, shape: readonly string[] | "set"): string {
  if (shape === "set" || !isTree(item)) return `v:${JSON.stringify(item)}`;
  const keys = shape.map((key) => [key, item[key] ?? keyDefaults[key]] as const);
  return `k:${canonical(Object.fromEntries(keys.filter(([, value]) => value !== undefined)))}`;
}

export function fieldsOf(object: Tree): FieldSet {
  return new Set(leavesOf(object).keys());
}

export interface Difference {
  /** Added, or with another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

export function compare(before: Tree, after: Tree): Difference {
  const old = leavesOf(before);
  const now = leavesOf(after);
  return {
    changed: new Set([...now].filter(([path, value]) => old.get(path) !== value).map(([path]) => path)),
    removed: new Set([...old.keys()].filter((path) => !now.has(path))),
  };
}

export function toFieldsV1(fields: FieldSet): Tree {
  const root: Tree = {};
  for (const path of fields) {
    let node = root;
    for (const segment of splitPath(path)) node = (node[segment] ??= {}) as Tree;
    node["."] = {};
  }
  return withoutDots(root);
}

/** A node that has nothing but its own mark is written empty. */
function withoutDots(node: Tree): Tree {
  const keys = Object.keys(node);
  if (keys.length === 1 && keys[0] === ".") return {};
  const parts = Object.entries(node).map(([key, part]) => [
    key,
    key === "." ? {} : withoutDots(part as Tree),
  ]);
  return Object.fromEntries(parts) as Tree;
}

export function fromFieldsV1(fieldsV1: Tree): FieldSet {
  const fields = new Set<string>();
  const walk = (node: Tree, path: readonly string[]) => {
    const entries = Object.entries(node);
    if (entries.length === 0 && path.length > 0) fields.add(joinPath(path));
    for (const [key, part] of entries) {
      if (key === ".") fields.add(joinPath(path));
      else if (isTree(part)) walk(part, [...path, key]);
    }
  };
  walk(fieldsV1, []);
  return fields;
}

/** `.spec.containers[name="web"].image`: how conflicts name a field. */
export function fieldText(path: string): string {
  return splitPath(path)
    .map((segment) => {
      const rest = segment.slice(2);
      if (segment.startsWith("f:")) return `.${rest}`;
      if (segment.startsWith("v:")) return `[=${rest}]`;
      const keys = Object.entries(JSON.parse(rest) as Tree);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
    })
    .join("");
}
