/** Objects as the in-memory API holds them: plain JSON that belongs to nobody else. */

export type Tree = { [key: string]: unknown };

export interface Meta extends Tree {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { uid: string; controller?: boolean }[];
  managedFields?: ManagedEntry[];
}

export interface ManagedEntry {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  time: string;
  fieldsType: "FieldsV1";
  fieldsV1: Tree;
  subresource?: string;
}

export interface Stored extends Tree {
  apiVersion: string;
  kind: string;
  metadata: Meta;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The tree at a key, or an empty one where there is none. */
export function treeAt(parent: Tree | undefined, key: string): Tree {
  const value = parent?.[key];
  return isTree(value) ? value : {};
}

/** The text at a key; undefined where there is none. */
export function textAt(parent: Tree | undefined, key: string): string | undefined {
  const value = parent?.[key];
  return typeof value === "string" ? value : undefined;
}

/** The list of trees at a key; other items are left out. */
export function treesAt(parent: Tree | undefined, key: string): Tree[] {
  const value = parent?.[key];
  return Array.isArray(value) ? value.filter(isTree) : [];
}

/** The same text for the same value, whatever the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isTree(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

const stringMaps = new Set(["labels", "annotations", "data", "binaryData", "matchLabels", "nodeSelector"]);

/** A copy as a server decodes it: nulls, empty lists and empty maps of strings are as if they were not there. */
export function decoded<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => decoded(item)) as T;
  if (!isTree(value)) return value;
  const kept = Object.entries(value).filter(([key, part]) => !isNothing(key, part));
  return Object.fromEntries(kept.map(([key, part]) => [key, decoded(part)])) as T;
}

function isNothing(key: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return stringMaps.has(key) && isTree(value) && Object.keys(value).length === 0;
}
