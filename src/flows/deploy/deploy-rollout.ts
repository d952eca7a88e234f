/** Takes one commit of one app into the cluster: ask, apply, wait for health, prune, tell; each step is safe to repeat. */

import { type Result, ok } from "../../model/failure.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { changedObjects, recordAhead } from "./deploy-apply.ts";
import { type Course, type Rollout, newPending, tell } from "./deploy-course.ts";
import { proceed } from "./deploy-finish.ts";
import { movedImages } from "./deploy-images.ts";
import { type DeployInput, identityOf } from "./deploy-input.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import { type Preparation, prepareObjects } from "./deploy-prepare.ts";
import { applyInput, applyTurns } from "./deploy-turns.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { rebuilt } from "./inventory-rebuild.ts";

/** Answers the inventory when the commit has come to an end, good or bad; null while it is on its way or refused. */
export async function rollOut(
  world: DeployWorld,
  input: DeployInput,
  rollout: Rollout,
): Promise<Result<Inventory | null>> {
  const { plan, inventory, standing } = rollout;
  const course = { world, input, rollout };
  const going = inventory.pending?.sha === standing.sha ? inventory.pending : null;
  const pending = going ?? newPending(world, rollout);
  if (plan.refusals.length > 0) return refuse(course, pending, plan.refusals);
  const changed = changedObjects(inventory, plan);
  if (changed.length === 0) return proceed(course, { ...inventory, pending });
  // Once something was written, only what comes next is asked about again.
  if (going !== null) return begin(course, inventory, { pending, asked: null });
  const asked = await askAll(course, changed);
  if (!asked.ok) return asked;
  if (asked.value.refusals.length > 0) return refuse(course, pending, asked.value.refusals);
  const known = asked.value.forgotten ? await rebuilt(world, inventory, input.digestKey) : ok(inventory);
  return known.ok ? begin(course, known.value, { pending, asked: asked.value }) : known;
}

async function refuse(course: Course, pending: Pending, notes: readonly string[]): Promise<Result<null>> {
  const told = await tell(course, { outcome: "refused", pending, notes });
  return told.ok ? ok(null) : told;
}

/** Everything that would keep the commit from being applied as it was reviewed, found before the first write. */
async function askAll(
  { world, input, rollout }: Course,
  changed: readonly PlannedObject[],
): Promise<Result<Preparation>> {
  const { app, plan, inventory } = rollout;
  const as = identityOf(input.target);
  const [prepared, images] = await Promise.all([
    prepareObjects(world, { app, inventory, objects: plan.objects, as }, changed),
    movedImages(world, changed),
  ]);
  if (!prepared.ok) return prepared;
  return ok({ ...prepared.value, refusals: [...prepared.value.refusals, ...images] });
}

async function begin(
  course: Course,
  inventory: Inventory,
  { pending, asked }: { readonly pending: Pending; readonly asked: Preparation | null },
): Promise<Result<Inventory | null>> {
  const ahead = await recordAhead(course.world, applyInput(course, { inventory, pending }));
  return ahead.ok ? applyTurns(course, ahead.value, asked) : ahead;
}
