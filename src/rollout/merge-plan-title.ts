/** The one line of a plan. */

import { inertLine } from "../text/inert.ts";
import { count } from "../text/count.ts";
import { type AppPlan, type Restart, obstacles } from "./merge-plan.ts";

const maximumTitle = 250;
/** Workloads that are named. */
const named = 2;

/** `Creates 1, changes 2, restarts web (3 replicas), prunes none`; what stops the deploy comes first. */
export function planTitle(plans: readonly AppPlan[]): string {
  const [first, ...more] = plans.flatMap(obstacles);
  if (first !== undefined) {
    const others = more.length === 0 ? "" : `, and ${more.length} more`;
    return inertLine(`Would be refused: ${inertLine(first, maximumTitle - 40)}${others}`, maximumTitle);
  }
  return inertLine(effectsOf(plans), maximumTitle);
}

function effectsOf(plans: readonly AppPlan[]): string {
  const changes = plans.flatMap((plan) => plan.changes);
  const created = changes.filter(({ action }) => action === "create").length;
  const changed = changes.length - created;
  const pruned = plans.flatMap(({ deletes }) => deletes.filter(({ stays }) => stays === null)).length;
  const restarts = changes.flatMap(({ restart }) => restart ?? []);
  if (changes.length + pruned === 0) return "Changes nothing in the cluster";
  const parts = [
    ...(created > 0 ? [`creates ${created}`] : []),
    ...(changed > 0 ? [`changes ${changed}`] : []),
    ...(restarts.length > 0 ? [`restarts ${restartsText(restarts)}`] : []),
    `prunes ${pruned === 0 ? "none" : pruned}`,
  ].join(", ");
  return `${parts.charAt(0).toUpperCase()}${parts.slice(1)}`;
}

function restartsText(restarts: readonly Restart[]): string {
  const shown = restarts.slice(0, named).map(restartText).join(", ");
  const more = restarts.length - named;
  return more > 0 ? `${shown} and ${count(more, "more workload")}` : shown;
}

/** `web (3 replicas)`. */
export function restartText({ name, replicas }: Restart): string {
  return replicas === null ? name : `${name} (${count(replicas, "replica")})`;
}
