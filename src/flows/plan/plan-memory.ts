/** What a process remembers of the plans that it made, so that looking again costs next to nothing. */

import { configPath } from "../../config/config.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { appHash } from "../../rollout/app-hash.ts";
import { changedPaths } from "../check/check-change.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { suspects } from "../drift/drift-find.ts";
import type { TouchedApp } from "./plan-touched.ts";

export type PlanKey = Extract<Key, { flow: "plan" }>;

interface KnownPlan {
  /** The tip of the default branch that it was made for. */
  base: string;
  readonly apps: readonly TouchedApp[];
  /** How these stood in the cluster. */
  readonly state: string;
}

/** By repository and commit. Losing it costs requests, nothing else. */
const known = new WeakMap<DeployWorld, Map<string, KnownPlan>>();
const mostRemembered = 1000;
/** A landing is being applied when a plan is made for it at once. */
const soonSeconds = 20;

function plansOf(world: DeployWorld): Map<string, KnownPlan> {
  const plans = known.get(world) ?? new Map<string, KnownPlan>();
  known.set(world, plans);
  return plans;
}

const keyOf = ({ repository, sha }: PlanKey): string => `${repository.id} ${sha}`;

/** Whether the plan of this process still holds: nothing that it was made of has moved, on either side. */
export async function isStillTrue(
  world: DeployWorld,
  key: PlanKey,
  { code }: Pick<RepositoryForge, "code">,
  base: string,
): Promise<Result<boolean>> {
  const plan = plansOf(world).get(keyOf(key));
  if (plan === undefined || key.anew === true) return ok(false);
  if (plan.state !== stateOf(world, key, plan.apps)) return ok(false);
  if (plan.base === base) return ok(true);
  const moved = await code.compare(plan.base, base);
  if (!moved.ok) return moved.failure.code === "incomplete" ? ok(false) : moved;
  const paths = changedPaths(moved.value.files);
  const apart = moved.value.status !== "ahead" || paths.includes(configPath);
  if (apart || plan.apps.some((app) => paths.some(app.isInput))) return ok(false);
  plan.base = base;
  return ok(true);
}

/**
 * To be called before a plan is made; what it answers, once the plan is published, with whether something of the default
 * branch was not applied yet. Then the plan is made again soon, once.
 */
export function rememberPlan(
  world: DeployWorld,
  key: PlanKey,
  base: string,
  apps: readonly TouchedApp[],
): (late: boolean) => void {
  const plans = plansOf(world);
  const state = stateOf(world, key, apps);
  const again = plans.get(keyOf(key))?.base === base;
  return (late) => {
    plans.delete(keyOf(key));
    plans.set(keyOf(key), { base, apps, state });
    for (const oldest of plans.keys()) {
      if (plans.size <= mostRemembered) break;
      plans.delete(oldest);
    }
    if (late && !again)
      world.queue.add({ flow: "plan", repository: key.repository, sha: key.sha }, soonSeconds);
  };
}

function stateOf(world: DeployWorld, { repository }: PlanKey, apps: readonly TouchedApp[]): string {
  const states = apps.map(({ path }) => {
    const inventory = world.inventories.get(appHash(repository.id, path));
    if (inventory === undefined) return null;
    return [inventory.applied, inventory.pending?.sha, inventory.entries.size, suspects(world, inventory)];
  });
  return JSON.stringify(states);
}
