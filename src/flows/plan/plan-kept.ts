/** Holds what is about to be deleted against what the plans of the landed pull requests showed. */

import { type Result, ok } from "../../model/failure.ts";
import { resourceText } from "../../model/resource.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Entry, Inventory, LandedPull } from "../../rollout/inventory.ts";
import { deleteId, plannedDeletes } from "../../rollout/merge-plan-report.ts";
import { planCheck } from "./plan-report.ts";

/** Objects that are named. */
const named = 3;

/**
 * Half a sentence that names what nobody who signed was shown; null where there is nothing of it. Where one of the landings
 * had no plan that knew (there was none, or the cluster could not be asked), there is nothing to hold it against.
 */
export async function unplannedDeletes(
  forge: RepositoryForge,
  { app, pending }: Inventory,
  stale: readonly Entry[],
): Promise<Result<string | null>> {
  const pulls = pending?.pulls ?? [];
  if (pulls.length === 0) return ok(null);
  const planned = new Set<string>();
  for (const pull of pulls) {
    const known = await plannedBy(forge, app, pull);
    if (!known.ok) return known;
    if (known.value === null) return ok(null);
    for (const id of known.value) planned.add(id);
  }
  const objects = stale.map(({ id }) => resourceText(id)).filter((object) => !planned.has(deleteId(object)));
  return ok(objects.length === 0 ? null : textOf(objects, pulls));
}

function textOf(objects: readonly string[], pulls: readonly LandedPull[]): string {
  const more = objects.length - named;
  const shown = `${objects.slice(0, named).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const landed = pulls.map(({ number }) => `#${number}`).join(", ");
  return `unplanned delete: ${shown}, which no plan of ${landed} showed; close by a pull request of this app: its plan shows it, and its landing deletes it`;
}

/** By our newest plan at the time of the merge; null where that does not know. */
async function plannedBy(
  forge: RepositoryForge,
  app: string,
  { number, mergedAt }: LandedPull,
): Promise<Result<ReadonlySet<string> | null>> {
  const pull = await forge.pulls.get(number);
  if (!pull.ok) return pull.failure.code === "not-found" ? ok(null) : pull;
  const runs = await forge.checks.list(pull.value.headSha, planCheck);
  if (!runs.ok) return runs;
  const merged = Date.parse(mergedAt ?? "");
  const newest = runs.value.find(({ completedAt }) => Date.parse(completedAt ?? "") <= merged);
  return ok(newest === undefined ? null : plannedDeletes(newest.summary, app));
}
