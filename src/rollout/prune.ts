/** What may be deleted: only what is provably ours, never much at once, and never what holds others' data. */

import type { KubernetesObject } from "../model/resource.ts";
import { appLabel, fieldManager, pruneAnnotation } from "./app-hash.ts";
import type { Entry } from "./inventory.ts";
import { deletion } from "./health.ts";
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

/** Why an object of this kind stays where nobody has released it; null when that does not matter. */
export function keptByKind(entry: Entry): string | null {
  return keptKinds.has(entry.id.kind)
    ? `a ${entry.id.kind} is only deleted where its annotation ${pruneAnnotation} said "allowed" before`
    : null;
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
  if (live.metadata["deletionTimestamp"] !== undefined) return deletion(live);
  const protecting = protectingAnnotation(annotations ?? {});
  return protecting === null ? null : `its annotation ${protecting} says so`;
}

/** Ours, and what Flux, Argo CD and Helm know for the same. */
function protectingAnnotation(annotations: Readonly<Record<string, string>>): string | null {
  const found = [...keeping].find(([key, values]) =>
    (annotations[key] ?? "").split(",").some((word) => values.includes(word.trim().toLowerCase())),
  );
  return found?.[0] ?? null;
}

const keeping: ReadonlyMap<string, readonly string[]> = new Map([
  [pruneAnnotation, ["disabled"]],
  ["kustomize.toolkit.fluxcd.io/prune", ["disabled"]],
  ["argocd.argoproj.io/sync-options", ["prune=false", "delete=false"]],
  ["helm.sh/resource-policy", ["keep"]],
]);

/** Whether a signed manifest that was applied before said that this object may go, whatever it is and however many go. */
export function isReleased({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[pruneAnnotation] === "allowed";
}
