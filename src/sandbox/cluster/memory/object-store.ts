/** Every object by kind, with one version counter and the recent changes that watches read. */

import { type Stored, canonical } from "./json-tree.ts";
import type { ServedKind } from "./served-kinds.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: ServedKind;
  readonly object: Stored;
  /** As it was before; the same object for DELETED. */
  readonly before?: Stored;
  readonly version: number;
}

export interface ObjectStore {
  get(kind: ServedKind, namespace: string | undefined, name: string): Stored | undefined;
  /** By namespace and name. */
  list(kind: ServedKind, namespace?: string): Stored[];
  /** Objects of every kind that live in a namespace or are owned by a uid. */
  find(wanted: (object: Stored) => boolean): { kind: ServedKind; object: Stored }[];
  /** Gives the object the next version and returns it. */
  put(kind: ServedKind, object: Stored): Stored;
  remove(kind: ServedKind, object: Stored): void;
  /** Of the last change of anything. */
  version(): number;
  /** Changes after that version; null when they are forgotten. */
  since(version: number): readonly Change[] | null;
  /** Forgets all changes up to now, as etcd does every five minutes. */
  compact(): void;
  /** Called with every change, at once. Returns how to stop it. */
  subscribe(listener: (change: Change) => void): () => void;
}

const remembered = 2_000;

export function createObjectStore(): ObjectStore {
  const kinds = new Map<string, Map<string, Stored>>();
  const served = new Map<string, ServedKind>();
  const listeners = new Set<(change: Change) => void>();
  let changes: Change[] = [];
  let version = 1;
  let forgotten = 1;

  const objectsOf = (kind: ServedKind) => {
    const name = `${kind.group}/${kind.kind}`;
    served.set(name, kind);
    const objects = kinds.get(name) ?? new Map<string, Stored>();
    kinds.set(name, objects);
    return objects;
  };
  const announce = (change: Change) => {
    changes.push(change);
    if (changes.length > remembered) {
      const dropped = changes.splice(0, remembered / 2);
      forgotten = dropped.at(-1)?.version ?? forgotten;
    }
    for (const listener of listeners) listener(change);
  };

  return {
    get: (kind, namespace, name) => objectsOf(kind).get(keyOf(namespace, name)),
    list: (kind, namespace) =>
      [...objectsOf(kind).entries()]
        .filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, object]) => object),
    find: (wanted) =>
      [...kinds].flatMap(([name, objects]) =>
        [...objects.values()].filter(wanted).map((object) => ({ kind: served.get(name)!, object })),
      ),
    put(kind, object) {
      const objects = objectsOf(kind);
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = objects.get(key);
      version += 1;
      const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
      objects.set(key, stored);
      announce({ type: before === undefined ? "ADDED" : "MODIFIED", kind, object: stored, before, version });
      return stored;
    },
    remove(kind, object) {
      objectsOf(kind).delete(keyOf(object.metadata.namespace, object.metadata.name));
      version += 1;
      const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
      announce({ type: "DELETED", kind, object: last, before: last, version });
    },
    version: () => version,
    since: (from) => (from < forgotten ? null : changes.filter((change) => change.version > from)),
    compact() {
      changes = [];
      forgotten = version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
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
