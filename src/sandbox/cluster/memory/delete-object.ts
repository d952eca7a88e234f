/** Deletion: preconditions, finalizers, what an object owns, and what lives in a namespace. */

import type { ResourceRequest } from "./api-request.ts";
import { type Stored, treeAt } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { Refusal, moved } from "./refusal.ts";
import type { ServedKind } from "./served-kinds.ts";
import { now } from "./settle-object.ts";

/** Deletes at once what has no finalizer; what it owns goes with it, unless it is told to be orphaned. */
export function deleteObject(store: ObjectStore, request: ResourceRequest, object: Stored): Stored | Refusal {
  const options = treeAt({ body: request.body }, "body");
  const { uid, resourceVersion } = treeAt(options, "preconditions");
  const { kind } = request;
  const own = object.metadata;
  if (uid !== undefined && uid !== own.uid) {
    const why = `the UID in the precondition (${JSON.stringify(uid)}) does not match the UID in record (${own.uid}). The object might have been deleted and then recreated`;
    return moved(kind, own.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== own.resourceVersion) {
    return moved(
      kind,
      own.name,
      "the ResourceVersion in the precondition does not match the ResourceVersion in record",
    );
  }
  const dryRun = request.query.get("dryRun") === "All" || treeAt(options, "dryRun")[0] === "All";
  if (dryRun) return object;
  const orphan = options.propagationPolicy === "Orphan" || options.orphanDependents === true;
  if (kind.kind === "Namespace") return endNamespace(store, kind, object);
  return removeOrMark(store, kind, object, orphan);
}

function removeOrMark(store: ObjectStore, kind: ServedKind, object: Stored, orphan = false): Stored {
  if (object.metadata.finalizers?.length) {
    if (object.metadata.deletionTimestamp !== undefined) return object;
    return store.put(kind, { ...object, metadata: { ...object.metadata, deletionTimestamp: now() } });
  }
  store.remove(kind, object);
  if (!orphan) {
    const { uid } = object.metadata;
    const owned = store.find(
      (other) => other.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true,
    );
    for (const dependent of owned) removeOrMark(store, dependent.kind, dependent.object);
  }
  return object;
}

/** To be called after a write: an object that waits for its finalizers goes when the last one is taken away. */
export function finishDeletion(store: ObjectStore, kind: ServedKind, object: Stored): void {
  if (object.metadata.deletionTimestamp === undefined || object.metadata.finalizers?.length) return;
  if (kind.kind !== "Namespace") removeOrMark(store, kind, object);
}

/** How long a namespace is seen to be Terminating: long enough to be seen, short enough to wait for. */
const terminatingMilliseconds = 50;

const lastingNamespaces = new Set(["default", "kube-system", "kube-public"]);

function endNamespace(store: ObjectStore, kind: ServedKind, namespace: Stored): Stored | Refusal {
  if (lastingNamespaces.has(namespace.metadata.name)) {
    const message = `namespaces "${namespace.metadata.name}" is forbidden: this namespace may not be deleted`;
    return new Refusal(403, "Forbidden", message, { name: namespace.metadata.name, kind: "namespaces" });
  }
  if (namespace.metadata.deletionTimestamp !== undefined) return namespace;
  const ending = store.put(kind, {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp: now() },
    status: { phase: "Terminating" },
  });
  const { name } = namespace.metadata;
  const empty = () => {
    for (const { kind: held, object } of store.find((other) => other.metadata.namespace === name)) {
      removeOrMark(store, held, object);
    }
    const left = store.find((other) => other.metadata.namespace === name).length;
    const current = store.get(kind, undefined, name);
    if (left > 0) setTimeout(empty, terminatingMilliseconds).unref();
    else if (current !== undefined) store.remove(kind, current);
  };
  setTimeout(empty, terminatingMilliseconds).unref();
  return ending;
}
