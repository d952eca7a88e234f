/** After an apply: waits for health without waiting, and ends the commit by pruning and telling. */

import { type Result, ok } from "../../model/failure.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { save } from "./deploy-apply.ts";
import { type Course, newPending, tell } from "./deploy-course.ts";
import { conditionOf } from "./deploy-health.ts";
import { identityOf } from "./deploy-input.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import { prune, removeSpent } from "./deploy-prune.ts";
import { takeBackUnhealthy } from "../rollback/rollback-auto.ts";

/** The watches bring every change; this is only for what they miss. */
const lookAgainSeconds = 5;

/** Everything on the way is told, and the commit counts as applied once all of it is healthy; null while it is on its way. */
export async function proceed(
  course: Course,
  inventory: Inventory,
  objects: readonly PlannedObject[] = course.rollout.plan.objects,
): Promise<Result<Inventory | null>> {
  const { world, input, rollout } = course;
  const pending = inventory.pending ?? newPending(world, rollout);
  const condition = conditionOf(world, rollout.app, inventory, { objects, pending });
  if (condition.outcome === "healthy") {
    return finish(course, { ...inventory, pending }, condition.notes);
  }
  // The deadline counts from a time that outlives this process.
  const stored = world.inventories.get(input.hash)?.pending?.sha === pending.sha;
  const kept = stored ? ok(inventory) : await save(world, { ...inventory, pending }, input.digestKey);
  if (!kept.ok) return kept;
  const told = await tell(course, { ...condition, pending });
  if (!told.ok) return told;
  if (condition.outcome === "unhealthy") {
    const back = await takeBackUnhealthy(course, pending, condition.notes);
    if (!back.ok) return back;
  }
  if (condition.outcome !== "waiting") return kept;
  world.queue.add(input.key, Math.max(1, Math.min(lookAgainSeconds, condition.secondsLeft)));
  return ok(null);
}

/** Prune, tell, and only then forget that the commit was on its way: a crash in between repeats what can be repeated. */
async function finish(
  course: Course,
  inventory: Inventory & { readonly pending: Pending },
  remarks: readonly string[],
): Promise<Result<Inventory | null>> {
  const { world, input, rollout } = course;
  const { app, plan, standing } = rollout;
  world.live.calm(inventory.app);
  const pruned = await prune(world, app, inventory, {
    plan,
    as: identityOf(input.target),
    forge: input.forge,
  });
  if (!pruned.ok) return pruned;
  const spent = await removeSpent(world, inventory, { plan, as: identityOf(input.target) });
  if (!spent.ok) return spent;
  const now = world.clock.now().toISOString();
  const { appliedAt, healthyAt, results: done } = inventory.pending;
  const results = { ...done, ...pruned.value.results };
  const pending = { ...inventory.pending, appliedAt: appliedAt ?? now, healthyAt: healthyAt ?? now, results };
  const notes = [...remarks, ...(plan.leftOut ?? []), ...pruned.value.notes, ...spent.value];
  const told = await tell(course, { outcome: "healthy", pending, notes });
  if (!told.ok) return told;
  const entries = new Map([...inventory.entries].filter(([text]) => !pruned.value.gone.includes(text)));
  const kept = { ...inventory, entries, name: app.name, applied: standing.sha, pending: null };
  const { extras: _, ...rest } = kept;
  return save(world, app.extras === true ? { ...rest, extras: true } : rest, input.digestKey);
}
