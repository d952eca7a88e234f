/** Every object by kind. */

import { type ChangeLog, createChangeLog } from "./change-log.ts";
import { type Stored, canonical } from "./json-tree.ts";
import type { ServedKind } from "./served-kinds.ts";

export interface ObjectStore extends Omit<ChangeLog, "add"> {
  get(kind: ServedKind, namespace: string | undefined, name: string): Stored | undefined;
  /** By namespace and name. */
  list(kind: ServedKind, namespace?: string): Stored[];
  /** Objects of every kind that live in a namespace or are owned by a uid. */
  find(wanted: (object: Stored) => boolean): { kind: ServedKind; object: Stored }[];
  /** Gives the object the next version and returns it. */
  put(kind: ServedKind, object: Stored): Stored;
  remove(kind: ServedKind, object: Stored): void;
}

export function createObjectStore(): ObjectStore {
  const kinds = new Map<ServedKind, Map<string, Stored>>();
  const log = createChangeLog();
  const objectsOf = (kind: ServedKind) => {
    const objects = kinds.get(kind) ?? new Map<string, Stored>();
    kinds.set(kind, objects);
    return objects;
  };
  return {
    get: (kind, namespace, name) => objectsOf(kind).get(keyOf(namespace, name)),
    list: (kind, namespace) =>
      [...objectsOf(kind).entries()]
        .filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, object]) => object),
    find: (wanted) =>
      [...kinds].flatMap(([kind, objects]) =>
        [...objects.values()].filter(wanted).map((object) => ({ kind, object })),
      ),
    put(kind, object) {
      const objects = objectsOf(kind);
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = objects.get(key);
      const stored = versioned(object, log.version() + 1);
      objects.set(key, stored);
      log.add({ type: before === undefined ? "ADDED" : "MODIFIED", kind, object: stored, before });
      return stored;
    },
    remove(kind, object) {
      objectsOf(kind).delete(keyOf(object.metadata.namespace, object.metadata.name));
      const last = versioned(object, log.version() + 1);
      log.add({ type: "DELETED", kind, object: last, before: last });
    },
    version: log.version,
    since: log.since,
    compact: log.compact,
    subscribe: log.subscribe,
  };
}

function versioned(object: Stored, version: number): Stored {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}

/** Whether two objects differ in more than their version and the times of their managers. */
export function sameContent(one: Stored, other: Stored): boolean {
  return canonical(content(one)) === canonical(content(other));
}

function content(object: Stored): unknown {
  const managedFields = object.metadata.managedFields?.map((entry) => ({ ...entry, time: "" }));
  return { ...object, metadata: { ...object.metadata, resourceVersion: "", managedFields } };
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
