/** The three kinds of patch that are not server-side apply. */

import { Refusal, badRequest, unsupportedMediaType } from "./refusal.ts";
import { itemSegment } from "./field-set.ts";
import { type Tree, canonical, isTree } from "./json-tree.ts";
import { listShape } from "./list-keys.ts";

/** The patched object. JSON merge patch (RFC 7396), JSON patch (RFC 6902), and strategic merge where lists have keys. */
export function applyPatch(object: Tree, patch: unknown, type: string): Tree | Refusal {
  if (type === "application/json-patch+json") return jsonPatch(object, patch);
  if (!isTree(patch)) return badRequest("the patch is not an object");
  if (type === "application/merge-patch+json") return mergePatch(object, patch) as Tree;
  if (type === "application/strategic-merge-patch+json") return strategic(object, patch, []) as Tree;
  return unsupportedMediaType(type);
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch;
  const merged: Tree = isTree(target) ? { ...target } : {};
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], part);
  }
  return merged;
}

/** As merge patch, but lists with keys merge item by item; `$patch: delete` and `replace` are honoured, ordering hints ignored. */
function strategic(target: unknown, patch: unknown, path: readonly string[]): unknown {
  if (Array.isArray(patch)) return strategicList(Array.isArray(target) ? target : [], patch, path);
  if (!isTree(patch)) return patch;
  const { $patch, ...rest } = patch;
  const merged: Tree = isTree(target) && $patch !== "replace" ? { ...target } : {};
  for (const [key, part] of Object.entries(rest)) {
    if (key.startsWith("$setElementOrder/") || key === "$retainKeys") continue;
    if (part === null) delete merged[key];
    else merged[key] = strategic(merged[key], part, [...path, `f:${key}`]);
  }
  return merged;
}

function strategicList(
  live: readonly unknown[],
  patch: readonly unknown[],
  path: readonly string[],
): unknown[] {
  const shape = listShape(path);
  if (shape === "atomic") return [...patch];
  let items = [...live];
  for (const change of patch) {
    const segment = itemSegment(change, shape);
    const index = items.findIndex((item) => itemSegment(item, shape) === segment);
    if (isTree(change) && change.$patch === "delete") items = items.filter((_, at) => at !== index);
    else if (index < 0) items.push(change);
    else items[index] = strategic(items[index], change, [...path, segment]);
  }
  return items;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

function jsonPatch(object: Tree, patch: unknown): Tree | Refusal {
  if (!Array.isArray(patch)) return badRequest("a JSON patch is a list of operations");
  const copy = structuredClone(object);
  for (const operation of patch as Operation[]) {
    if (!operate(copy, operation)) {
      const message = `the server rejected our request due to an error in our request: ${operation.op} ${operation.path}`;
      return new Refusal(422, "Invalid", message);
    }
  }
  return copy;
}

function operate(root: Tree, { op, path, value }: Operation): boolean {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  const parent = keys.reduce<unknown>((node, key) => childOf(node, key), root);
  if (last === undefined || typeof parent !== "object" || parent === null) return false;
  const present = childOf(parent, last) !== undefined;
  if (op === "test") return canonical(childOf(parent, last)) === canonical(value);
  if (op !== "add" && !present) return false;
  if (Array.isArray(parent)) return operateList(parent, op, { key: last, value });
  if (op === "remove") delete (parent as Tree)[last];
  else (parent as Tree)[last] = value;
  return ["add", "replace", "remove"].includes(op);
}

function operateList(list: unknown[], op: string, { key, value }: { key: string; value: unknown }): boolean {
  const index = key === "-" ? list.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > list.length) return false;
  if (op === "remove") list.splice(index, 1);
  else list.splice(index, op === "replace" ? 1 : 0, value);
  return true;
}

function childOf(node: unknown, key: string): unknown {
  if (Array.isArray(node)) return node[Number(key)];
  return isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}
