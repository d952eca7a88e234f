/** One commit of one app on its way into the cluster: what all its steps are given, and how it is told. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { DeployResult, Outcome } from "../../rollout/deploy-report.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { announce } from "./deploy-announce.ts";
import { changedObjects } from "./deploy-apply.ts";
import { isPassing } from "./deploy-failure.ts";
import type { DeployInput } from "./deploy-input.ts";
import type { DeployPlan } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";
import type { Standing } from "../landing/standing.ts";

export interface Rollout {
  readonly app: App;
  readonly plan: DeployPlan;
  readonly standing: Standing;
  readonly inventory: Inventory;
}

export interface Course {
  readonly world: DeployWorld;
  readonly input: DeployInput;
  readonly rollout: Rollout;
}

export function newPending(world: DeployWorld, { plan, standing, inventory }: Omit<Rollout, "app">): Pending {
  const { sha, landings } = standing;
  const pulls = landings.flatMap(({ pull: number, sha: at, mergedAt }) =>
    number === null ? [] : [{ number, sha: at, mergedAt }],
  );
  const since = world.clock.now().toISOString();
  const times = { firstAppliedAt: null, appliedAt: null, healthyAt: null };
  const changed = new Set(changedObjects(inventory, plan).map(({ text }) => text));
  const unchanged = plan.objects.filter(({ text }) => !changed.has(text));
  const results = Object.fromEntries(unchanged.map(({ text }) => [text, { action: "unchanged" as const }]));
  return { sha, pulls, landings, since, ...times, results };
}

/** On the repository; an outcome that goes on is not logged. */
export async function tell(
  { world, input, rollout }: Course,
  { outcome, pending, notes }: { outcome: Outcome; pending: Pending; notes: readonly string[] },
): Promise<Result<void>> {
  const { name, environment } = rollout.app;
  const baseline = world.pins.get(input.target)?.baseline ?? null;
  const result: DeployResult = { app: input.hash, name, environment, outcome, pending, notes, baseline };
  if (outcome !== "waiting" && outcome !== "queued")
    world.log.info({ app: name, sha: pending.sha, outcome }, "rollout");
  const told = await announce(input.forge, world.memory, result);
  if (told.ok || isPassing(told.failure)) return told;
  // A locked conversation or a missing permission must not keep a cluster from its state.
  world.log.warn({ app: name, code: told.failure.code }, told.failure.message);
  return ok(undefined);
}
