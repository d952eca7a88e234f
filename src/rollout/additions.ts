/** Fields that a person has added by hand to an object of ours: not what Git names, but not what Git says either. */

import type { KubernetesObject, ManagedFields } from "../model/resource.ts";
import { fieldManager } from "./app-hash.ts";
import { isWithin } from "./field-path.ts";
import { type OwnedLeaf, appliedEntries, holdsPath, ownedLeaves } from "./owned-fields.ts";

/** Under these names people write: kubectl, the desktop clients, and browsers behind dashboards. */
const people = /^(?:kubectl(?:-.*)?|k9s|(?:open|free)?lens|mozilla|node-fetch)(?:$|[^a-z])/i;

/** What kubectl notes for itself, and what it writes to start pods anew: an act, no state. */
const notes = /annotations\["kubectl\.kubernetes\.io\//;

/** Whether an entry is a person's. What is written of the status is never wanted by Git. */
export function isByHand({ manager, subresource }: ManagedFields): boolean {
  return manager !== fieldManager && subresource !== "status" && people.test(manager);
}

export interface Addition {
  readonly leaf: OwnedLeaf;
  readonly by: ManagedFields;
}

/**
 * Those that are there and that our manager owns nowhere in `owner`, sorted by path; an item of a list that is new as a whole
 * stands for all that is in it, with the value that tells that it is present.
 */
export function additionsTo(
  live: KubernetesObject,
  owner: KubernetesObject,
  ignored: readonly string[],
): readonly Addition[] {
  const ours = appliedEntries(owner, fieldManager);
  const found = new Map<string, Addition>();
  for (const by of (live.metadata.managedFields ?? []).filter(isByHand)) {
    for (const leaf of ownedLeaves(by.fieldsV1, live)) {
      const own = ours.some(({ fieldsV1 }) => holdsPath(fieldsV1, leaf.steps));
      const meant = !own && leaf.value !== undefined && !isBareMap(leaf) && !notes.test(leaf.path);
      if (meant && !isWithin(leaf.path, ignored)) found.set(leaf.path, { leaf, by });
    }
  }
  const items = [...found.values()]
    .filter(({ leaf }) => leaf.steps.at(-1) === ".")
    .map(({ leaf }) => leaf.path);
  return [...found.values()]
    .filter(({ leaf: { path, steps } }) => steps.at(-1) === "." || !isWithin(path, items))
    .toSorted((a, b) => (a.leaf.path < b.leaf.path ? -1 : 1));
}

/** A map comes with what is in it; only an item of a list is something by itself. */
function isBareMap({ steps }: OwnedLeaf): boolean {
  return steps.at(-1) === "." && steps.at(-2)?.startsWith("k:") !== true;
}

/** Their paths as one text, empty without any; holds no value. */
export function additionsText(live: KubernetesObject, ignored: readonly string[]): string {
  if (appliedEntries(live, fieldManager).length === 0) return "";
  return additionsTo(live, live, ignored)
    .map(({ leaf }) => leaf.path)
    .join("\n");
}
