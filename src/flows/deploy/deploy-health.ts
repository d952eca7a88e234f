/** Waits for nothing: reads from the live index how an app's objects are, and says when to look again. */

import type { App } from "../../model/app.ts";
import { type KubernetesObject, groupOf } from "../../model/resource.ts";
import type { Outcome } from "../../rollout/deploy-report.ts";
import type { Health } from "../../rollout/health-states.ts";
import type { Inventory, Pending } from "../../rollout/inventory.ts";
import { vanishes } from "../../rollout/workload-health.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";

/** A pod that cannot start for so long will not start by itself. */
const lastingMs = 60_000;

export interface Condition {
  readonly outcome: Extract<Outcome, "waiting" | "healthy" | "unhealthy" | "failed">;
  /** The objects that are not ready, one sentence each; of a healthy commit, what is worth knowing of what it changed. */
  readonly notes: readonly string[];
  /** While waiting: seconds until the deadline. */
  readonly secondsLeft: number;
}

/** How a commit that was applied is doing. Objects count by what was seen after our own write to them. */
export function conditionOf(
  world: DeployWorld,
  app: App,
  inventory: Inventory,
  input: { readonly objects: readonly PlannedObject[]; readonly pending: Pending },
): Condition {
  const { objects, pending } = input;
  const failed = Object.entries(pending.results).filter(([, { action }]) => action === "failed");
  if (failed.length > 0) {
    const notes = failed.map(([text, { reason }]) => `${text}: ${reason ?? "failed"}`);
    return { outcome: "failed", notes, secondsLeft: 0 };
  }
  const states = objects.map((planned) => stateOf(world, inventory, planned));
  const notReady = states.filter(({ state }) => state !== "ready");
  if (notReady.length === 0) {
    const changed = states.filter(({ text }) => pending.results[text]?.action !== "unchanged");
    const notes = changed.flatMap(({ text, note }) => (note === undefined ? [] : [`${text}: ${note}`]));
    return { outcome: "healthy", notes, secondsLeft: 0 };
  }
  const since = Date.parse(pending.appliedAt ?? pending.since);
  const secondsLeft = app.waitSeconds - (world.clock.now().getTime() - since) / 1000;
  const hopeless = secondsLeft <= 0 || states.some(({ state }) => state === "failed");
  const notes = notReady.map(({ text, reason }) => `${text}: ${reason}`);
  return { outcome: hopeless ? "unhealthy" : "waiting", notes, secondsLeft };
}

type ObjectState = Health & { readonly text: string };

function stateOf(
  world: DeployWorld,
  inventory: Inventory,
  { text, object, entry }: PlannedObject,
): ObjectState {
  const summary = world.live.summary(inventory.app, entry);
  if (summary === null && vanishes(object)) return { text, state: "ready", reason: "" };
  const unseen: Health = { state: "progressing", reason: "not seen yet" };
  return { text, ...withTrouble(world, inventory.app, object, summary?.health ?? unseen) };
}

/** What its pods say goes with a workload that is not ready, and ends the wait where it does not pass. */
function withTrouble(world: DeployWorld, app: string, object: KubernetesObject, health: Health): Health {
  if (health.state === "ready" || !isWorkload(object)) return health;
  const trouble = world.live.trouble(app, object);
  if (trouble === null) return health;
  const age = world.clock.now().getTime() - Date.parse(trouble.since);
  const state = trouble.lasting && age > lastingMs ? "failed" : health.state;
  return { state, reason: `${health.reason}; ${trouble.text}` };
}

function isWorkload({ apiVersion }: KubernetesObject): boolean {
  return ["apps", "batch"].includes(groupOf(apiVersion));
}
