/** Takes one commit of one app into the cluster: apply, wait for health, prune, tell; each step is safe to repeat. */

import type { App } from "../model/app.ts";
import { type Result, ok } from "../model/failure.ts";
import type { DeployResult, Outcome } from "../rollout/deploy-report.ts";
import type { Inventory, Pending } from "../rollout/inventory.ts";
import { announce } from "./deploy-announce.ts";
import { applyChanges, changedObjects, isPassing, save } from "./deploy-apply.ts";
import { conditionOf } from "./deploy-health.ts";
import { type DeployInput, identityOf } from "./deploy-input.ts";
import type { DeployPlan } from "./deploy-plan.ts";
import { prune } from "./deploy-prune.ts";
import type { DeployWorld } from "./deploy-world.ts";
import type { Standing } from "./standing.ts";

export interface Rollout {
  readonly app: App;
  readonly plan: DeployPlan;
  readonly standing: Standing;
  readonly inventory: Inventory;
}

/** The watches bring every change; this is only for what they miss. */
const lookAgainSeconds = 5;

/** Answers the inventory when the commit has come to an end, good or bad; null while it is on its way or refused. */
export async function rollOut(
  world: DeployWorld,
  input: DeployInput,
  rollout: Rollout,
): Promise<Result<Inventory | null>> {
  const { plan, inventory, standing } = rollout;
  const going = inventory.pending?.sha === standing.sha ? inventory.pending : null;
  const pending = going ?? newPending(world, rollout);
  if (plan.refusals.length > 0) {
    const told = await tell(world, input, rollout, { outcome: "refused", pending, notes: plan.refusals });
    return told.ok ? ok(null) : told;
  }
  if (changedObjects(inventory, plan).length === 0) {
    const applied = pending.appliedAt ?? world.clock.now().toISOString();
    return proceed(world, input, rollout, { ...inventory, pending: { ...pending, appliedAt: applied } });
  }
  const as = identityOf(input.target);
  const applied = await applyChanges(world, { inventory, plan, pending, as, key: input.digestKey });
  return applied.ok ? proceed(world, input, rollout, applied.value) : applied;
}

export function newPending(world: DeployWorld, { plan, standing, inventory }: Omit<Rollout, "app">): Pending {
  const { sha, landings } = standing;
  const pulls = landings.flatMap(({ pull: number, sha, mergedAt }) =>
    number === null ? [] : [{ number, sha, mergedAt }],
  );
  const since = world.clock.now().toISOString();
  const times = { firstAppliedAt: null, appliedAt: null, healthyAt: null };
  const changed = new Set(changedObjects(inventory, plan).map(({ text }) => text));
  const unchanged = plan.objects.filter(({ text }) => !changed.has(text));
  const results = Object.fromEntries(unchanged.map(({ text }) => [text, { action: "unchanged" as const }]));
  return { sha, pulls, landings, since, ...times, results };
}

/** After the last apply: everything on the way is told, and the commit counts as applied once it is healthy. */
async function proceed(
  world: DeployWorld,
  input: DeployInput,
  rollout: Rollout,
  inventory: Inventory,
): Promise<Result<Inventory | null>> {
  const { app, plan } = rollout;
  const pending = inventory.pending ?? newPending(world, rollout);
  const condition = conditionOf(world, app, inventory, { plan, pending });
  if (condition.outcome === "healthy") return finish(world, input, rollout, { ...inventory, pending });
  const told = await tell(world, input, rollout, { ...condition, pending });
  if (!told.ok) return told;
  if (condition.outcome !== "waiting") return ok(inventory);
  world.queue.add(input.key, Math.max(1, Math.min(lookAgainSeconds, condition.secondsLeft)));
  return ok(null);
}

/** Prune, tell, and only then forget that the commit was on its way: a crash in between repeats what can be repeated. */
async function finish(
  world: DeployWorld,
  input: DeployInput,
  rollout: Rollout,
  inventory: Inventory & { readonly pending: Pending },
): Promise<Result<Inventory | null>> {
  const { app, plan, standing } = rollout;
  const pruned = await prune(world, app, inventory, {
    plan,
    as: identityOf(input.target),
    forge: input.forge,
  });
  if (!pruned.ok) return pruned;
  const healthyAt = inventory.pending.healthyAt ?? world.clock.now().toISOString();
  const results = { ...inventory.pending.results, ...pruned.value.results };
  const pending = { ...inventory.pending, healthyAt, results };
  const told = await tell(world, input, rollout, { outcome: "healthy", pending, notes: pruned.value.notes });
  if (!told.ok) return told;
  const entries = new Map([...inventory.entries].filter(([text]) => !pruned.value.gone.includes(text)));
  const done = { ...inventory, entries, name: app.name, applied: standing.sha, pending: null };
  return save(world, done, input.digestKey);
}

async function tell(
  world: DeployWorld,
  input: DeployInput,
  { app }: Rollout,
  { outcome, pending, notes }: { outcome: Outcome; pending: Pending; notes: readonly string[] },
): Promise<Result<void>> {
  const { name, environment } = app;
  const result: DeployResult = { app: input.hash, name, environment, outcome, pending, notes };
  if (outcome !== "waiting") world.log.info({ app: name, sha: pending.sha, outcome }, "rollout");
  const told = await announce(input.forge, world.memory, result);
  if (told.ok || isPassing(told.failure)) return told;
  // A locked conversation or a missing permission must not keep a cluster from its state.
  world.log.warn({ app: name, code: told.failure.code }, told.failure.message);
  return ok(undefined);
}
