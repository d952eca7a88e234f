/** Sends one object: takes it over or makes it anew where that was found to be needed, and waits for what it stands on. */

import { setTimeout as pause } from "node:timers/promises";
import { type Result, fail, ok } from "../../model/failure.ts";
import { type ManagedFields, addressOf } from "../../model/resource.ts";
import type { Applied, Identity } from "../../ports/cluster.ts";
import { isByHand } from "../../rollout/additions.ts";
import { fieldManager } from "../../rollout/app-hash.ts";
import { deletion } from "../../rollout/health.ts";
import { isMaker, takeOverPatch } from "../../rollout/take-over.ts";
import { refusalOf } from "./deploy-failure.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import type { Prepared } from "./deploy-prepare.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { yielded } from "./yielded.ts";

/** Together ten seconds: a kind or namespace that was created a moment ago may not be served yet. */
const settlingMs = [100, 200, 400, 800, 1_600, 3_200, 3_700];
/** Somebody else may write to an object between our reading and our patch of it. */
const attempts = 4;

export type Way = Pick<Prepared, "deferred" | "adopts" | "recreates"> & {
  /** What people have added by hand becomes ours, so that what Git does not name goes. */
  readonly dropsAdditions?: boolean;
};

/** Repeating it after a crash at any point ends the same. */
export async function sendObject(
  world: DeployWorld,
  as: Identity,
  planned: PlannedObject,
  way: Way,
): Promise<Result<Applied>> {
  if (way.adopts || way.dropsAdditions === true) {
    const adopted = await takeOver(world, as, planned, way.adopts ? isMaker : isByHand);
    if (!adopted.ok) return adopted;
  }
  if (way.recreates !== null) {
    const removed = await remove(world, as, planned, way.recreates);
    if (!removed.ok) return removed;
  }
  let sent = await send(world, as, planned);
  for (const ms of way.deferred ? settlingMs : []) {
    if (sent.ok || sent.failure.code !== "not-found") break;
    await pause(ms);
    sent = await send(world, as, planned);
  }
  return sent;
}

async function send(world: DeployWorld, as: Identity, planned: PlannedObject): Promise<Result<Applied>> {
  const object = await yielded(world, planned);
  if (!object.ok) return object;
  return world.cluster.apply(object.value, { manager: fieldManager, force: true, dryRun: false, as });
}

/** Makes what earlier tools own ours; there is nothing to do where a run before this one has done it. */
async function takeOver(
  world: DeployWorld,
  as: Identity,
  planned: PlannedObject,
  isTheirs: (entry: ManagedFields) => boolean,
): Promise<Result<void>> {
  const address = addressOf(planned.object);
  for (let left = attempts; ; left--) {
    const live = await world.cluster.get(address);
    if (!live.ok) return live.failure.code === "not-found" ? ok(undefined) : live;
    const patch = takeOverPatch(live.value, planned.object.apiVersion, isTheirs);
    if (patch === null) return ok(undefined);
    const patched = await world.cluster.patch(address, patch, as);
    if (patched.ok) return ok(undefined);
    const moved = ["conflict", "rejected"].includes(patched.failure.code);
    if (left <= 1 || !moved || refusalOf(patched.failure).immutable === true) return patched;
  }
}

/** Deletes exactly the object that was looked at, and waits until it is gone. */
async function remove(
  world: DeployWorld,
  as: Identity,
  planned: PlannedObject,
  uid: string,
): Promise<Result<void>> {
  const address = addressOf(planned.object);
  const deleted = await world.cluster.delete(address, uid, as);
  // Of another uid: somebody has made it anew already.
  if (!deleted.ok && !["not-found", "conflict"].includes(deleted.failure.code)) return deleted;
  for (const ms of settlingMs) {
    const live = await world.cluster.get(address);
    if (!live.ok) return live.failure.code === "not-found" ? ok(undefined) : live;
    if (live.value.metadata.uid !== uid) return ok(undefined);
    if (ms === settlingMs.at(-1)) return fail("unavailable", `${planned.text}: ${deletion(live.value)}`);
    await pause(ms);
  }
  return ok(undefined);
}
