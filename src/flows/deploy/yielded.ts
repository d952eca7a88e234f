/** A planned object as it may be sent: without the fields that others hold and that the app leaves to them. */

import { type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, addressOf } from "../../model/resource.ts";
import { namedPaths, yieldFields } from "../../rollout/yield-fields.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";

/** Reads what is live only where the manifest names such a field. */
export async function yielded(
  { cluster }: DeployWorld,
  { object, yields }: PlannedObject,
): Promise<Result<KubernetesObject>> {
  if (namedPaths(object, yields).length === 0) return ok(object);
  const live = await cluster.get(addressOf(object));
  if (live.ok) return ok(yieldFields(object, live.value, yields));
  return live.failure.code === "not-found" ? ok(object) : live;
}
