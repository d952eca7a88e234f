/** Finds again what an app has in the cluster when its inventory is lost, by the label that every object of it carries. */

import { type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import { appLabel, fieldManager } from "../../rollout/app-hash.ts";
import type { Entry, Inventory } from "../../rollout/inventory.ts";
import { ownedDigest } from "../../rollout/owned-digest.ts";
import { appliedEntries } from "../../rollout/owned-fields.ts";
import { concurrency } from "./deploy-prepare.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "../in-flight.ts";

/**
 * The inventory with every object that carries the label and that our manager has applied: a label alone can be a copy. One
 * listing for each kind that the cluster serves; a kind that may not be listed is left out, so that nothing of it is pruned.
 */
export async function rebuilt(
  world: DeployWorld,
  inventory: Inventory,
  key: Uint8Array,
): Promise<Result<Inventory>> {
  const kinds = await world.cluster.kinds();
  if (!kinds.ok) return kinds;
  const selector = `${appLabel}=${inventory.app}`;
  const found = await inFlight(concurrency, kinds.value, async (kind) => {
    const listed = await world.cluster.list(kind, selector);
    if (!listed.ok) {
      world.log.warn({ kind: kind.kind, code: listed.failure.code }, "not looked through for lost objects");
      return [];
    }
    return listed.value
      .map((object) => ({ ...object, apiVersion: kind.apiVersion, kind: kind.kind }))
      .filter((object) => appliedEntries(object, fieldManager).length > 0);
  });
  const entries = new Map(inventory.entries);
  for (const object of found.flat()) {
    const entry = entryOf(key, object);
    if (!entries.has(resourceText(entry.id))) entries.set(resourceText(entry.id), entry);
  }
  world.log.warn({ app: inventory.name, objects: entries.size }, "inventory rebuilt from labels");
  return ok({ ...inventory, entries });
}

/** In the version that we have applied, in which later reads compare. */
function entryOf(key: Uint8Array, object: KubernetesObject): Entry {
  const { uid = null, resourceVersion = null } = object.metadata;
  const apiVersion = appliedEntries(object, fieldManager)[0]?.apiVersion ?? object.apiVersion;
  const digest = ownedDigest(key, object, []);
  const place = { file: "(found by its label)", line: 1 };
  return {
    id: resourceId(object),
    apiVersion,
    uid,
    desired: null,
    digest,
    resourceVersion,
    ignored: [],
    ...place,
  };
}
