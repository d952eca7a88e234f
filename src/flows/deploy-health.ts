/** Waits for nothing: reads from the live index how an app's objects are, and says when to look again. */

import type { App } from "../model/app.ts";
import { resourceText } from "../model/resource.ts";
import type { Outcome } from "../rollout/deploy-report.ts";
import type { Inventory, Pending } from "../rollout/inventory.ts";
import type { DeployPlan } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";

export interface Condition {
  readonly outcome: Extract<Outcome, "waiting" | "healthy" | "unhealthy" | "failed">;
  /** The objects that are not ready, one sentence each. */
  readonly notes: readonly string[];
  /** While waiting: seconds until the deadline. */
  readonly secondsLeft: number;
}

/** How a commit that was applied is doing. Objects count by what was seen after our own write to them. */
export function conditionOf(
  world: DeployWorld,
  app: App,
  inventory: Inventory,
  input: { readonly plan: DeployPlan; readonly pending: Pending },
): Condition {
  const failed = Object.entries(input.pending.results).filter(([, { action }]) => action === "failed");
  if (failed.length > 0) {
    const notes = failed.map(([text, { reason }]) => `${text}: ${reason ?? "failed"}`);
    return { outcome: "failed", notes, secondsLeft: 0 };
  }
  const states = input.plan.objects.map(({ entry }) => {
    const summary = world.live.summary(inventory.app, entry);
    return {
      text: resourceText(entry.id),
      ...(summary?.health ?? { state: "progressing", reason: "not seen yet" }),
    };
  });
  const notReady = states.filter(({ state }) => state !== "ready");
  const notes = notReady.map(({ text, reason }) => `${text}: ${reason}`);
  if (notReady.length === 0) return { outcome: "healthy", notes, secondsLeft: 0 };
  const since = Date.parse(input.pending.appliedAt ?? world.clock.now().toISOString());
  const secondsLeft = app.waitSeconds - (world.clock.now().getTime() - since) / 1000;
  const hopeless = secondsLeft <= 0 || states.some(({ state }) => state === "failed");
  return { outcome: hopeless ? "unhealthy" : "waiting", notes, secondsLeft };
}
