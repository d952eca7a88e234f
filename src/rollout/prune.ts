/** What may be deleted: only what is provably ours, never much at once, and never what holds others' data. */

import type { KubernetesObject } from "../model/resource.ts";
import { appLabel, fieldManager, pruneAnnotation } from "./app-hash.ts";
import type { Entry } from "./inventory.ts";
import { appliedEntries } from "./owned-fields.ts";

/** Deleting one of these deletes what is in it or behind it. */
const keptKinds = new Set([
  "Namespace",
  "CustomResourceDefinition",
  "PersistentVolume",
  "PersistentVolumeClaim",
]);

/** Why an app's whole prune is refused; null when it may go on object by object. */
export function pruneGate(desired: number, pruned: number, known: number): string | null {
  if (pruned === 0) return null;
  if (desired === 0) return "Git holds no object of this app any more, and an empty folder deletes nothing";
  const most = Math.max(5, Math.floor(known / 5));
  return pruned > most
    ? `${pruned} of ${known} objects are gone from Git, more than the ${most} allowed`
    : null;
}

/** Why an object must stay although Git does not name it any more, told without asking the cluster; null when it need not. */
export function keptByKind(entry: Entry): string | null {
  return keptKinds.has(entry.id.kind) ? `a ${entry.id.kind} is never deleted without being asked` : null;
}

/** Which proof is missing that this live object is the one that we created for the app; null when it may be deleted. */
export function missingProof(entry: Entry, live: KubernetesObject, app: string): string | null {
  const { labels, annotations, uid } = live.metadata;
  if (labels?.[appLabel] !== app) return "it does not carry the label of this app";
  if (entry.uid === null || uid !== entry.uid)
    return "it is not the object that was applied, but a later one";
  if (appliedEntries(live, fieldManager).length === 0) return "Lockkeeper owns none of its fields any more";
  const owners = live.metadata["ownerReferences"];
  if (Array.isArray(owners) && owners.some((owner: { controller?: boolean }) => owner.controller === true)) {
    return "a controller owns it";
  }
  return annotations?.[pruneAnnotation] === "disabled" ? `its annotation ${pruneAnnotation} says so` : null;
}
