/** Turn by turn: the objects of one wave, and the next wave once all before it are healthy. */

import { type Result, ok } from "../../model/failure.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { byTurn } from "../../rollout/order.ts";
import { type ApplyInput, applyPrepared, changedObjects } from "./deploy-apply.ts";
import { type Course, newPending, tell } from "./deploy-course.ts";
import { proceed } from "./deploy-finish.ts";
import { conditionOf } from "./deploy-health.ts";
import { identityOf } from "./deploy-input.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import { type Preparation, prepareObjects } from "./deploy-prepare.ts";

export function applyInput(
  { input, rollout }: Course,
  { inventory, pending }: Pick<ApplyInput, "inventory" | "pending">,
): ApplyInput {
  const { app, plan } = rollout;
  return { app, plan, inventory, pending, as: identityOf(input.target), key: input.digestKey };
}

/** `asked`: what the server has said of everything already; null where that was before this process. */
export async function applyTurns(
  course: Course,
  before: Inventory,
  asked: Preparation | null,
): Promise<Result<Inventory | null>> {
  const { world, rollout } = course;
  const turns = byTurn(rollout.plan.objects);
  let inventory = before;
  for (const [index, turn] of turns.entries()) {
    const due = changedObjects(inventory, { objects: turn });
    if (due.length > 0) {
      const done = await applyTurn(course, inventory, { due, asked });
      if (!done.ok || done.value === null) return done;
      inventory = done.value;
    }
    if (index === turns.length - 1) break;
    const pending = inventory.pending ?? newPending(world, rollout);
    const objects = turns.slice(0, index + 1).flat();
    const { outcome } = conditionOf(world, rollout.app, inventory, { objects, pending });
    if (outcome !== "healthy") return proceed(course, inventory, objects);
  }
  return proceed(course, inventory);
}

async function applyTurn(
  course: Course,
  inventory: Inventory,
  { due, asked }: { readonly due: readonly PlannedObject[]; readonly asked: Preparation | null },
): Promise<Result<Inventory | null>> {
  const { world, input, rollout } = course;
  const { app, plan } = rollout;
  const pending = inventory.pending ?? newPending(world, rollout);
  const question = { app, inventory, objects: plan.objects, as: identityOf(input.target) };
  const answer = asked === null ? await prepareObjects(world, question, due) : ok(asked);
  if (!answer.ok) return answer;
  const { refusals, prepared } = answer.value;
  if (refusals.length > 0) {
    const told = await tell(course, { outcome: "failed", pending, notes: refusals });
    return told.ok ? ok(null) : told;
  }
  const into = applyInput(course, { inventory, pending: withoutFailures(pending) });
  return applyPrepared(
    world,
    into,
    prepared.filter(({ planned }) => due.includes(planned)),
  );
}

/** What failed before is tried again, and counts by what becomes of it now. */
function withoutFailures(pending: Pending): Pending {
  const kept = Object.entries(pending.results).filter(([, { action }]) => action !== "failed");
  return { ...pending, results: Object.fromEntries(kept) };
}
