/** Finds which objects of an app are not what was applied: from memory which may be, and by asking the cluster which are. */

import { type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, addressOf, resourceText } from "../../model/resource.ts";
import type { Identity } from "../../ports/cluster.ts";
import { appLabel, fieldManager } from "../../rollout/app-hash.ts";
import { type DriftClass, type ObjectDrift, explainAdditions, explainDrift } from "../../rollout/drift.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { vanishes } from "../../rollout/workload-health.ts";
import { inFlight } from "../in-flight.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import type { DeployPlan, PlannedObject } from "../deploy/deploy-plan.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";

/** Objects explained in one report; the rest follows when these are settled. */
const mostExplained = 50;
const concurrency = 4;

/** Names of objects whose live digest is not the recorded one, or that are gone. Costs no request. */
export function suspects(world: DeployWorld, inventory: Inventory): readonly string[] {
  return [...inventory.entries.values()]
    .filter((entry) => {
      const live = world.live.summary(inventory.app, entry);
      if (entry.uid === null || live === undefined) return false;
      return live === null || live.digest !== entry.digest || live.added !== "";
    })
    .map((entry) => resourceText(entry.id));
}

export interface Found {
  readonly planned: PlannedObject;
  readonly drift: ObjectDrift;
}

/** What has drifted, and how many more objects may have that were not looked at yet. */
export interface Look {
  readonly found: readonly Found[];
  readonly more: number;
}

/**
 * Explains suspects by what is live and what an apply would make of it: two requests for each, and none for one that is
 * the same, and wanted the same, as when it was explained last.
 */
export async function findDrift(
  world: DeployWorld,
  app: string,
  input: { readonly plan: DeployPlan; readonly suspects: readonly string[]; readonly as: Identity },
): Promise<Result<Look>> {
  const planned = input.plan.objects.filter(({ text }) => input.suspects.includes(text));
  const explained = await inFlight(concurrency, planned.slice(0, mostExplained), (object) =>
    explainOne(world, app, object, input.as),
  );
  const found: Found[] = [];
  for (const each of explained) {
    if (!each.ok) return each;
    if (each.value !== null) found.push(each.value);
  }
  return ok({ found, more: Math.max(0, planned.length - mostExplained) });
}

async function explainOne(
  world: DeployWorld,
  app: string,
  planned: PlannedObject,
  as: Identity,
): Promise<Result<Found | null>> {
  const { explained } = world.memory;
  const place = `${app} ${planned.text}`;
  const known = explained.get(place);
  const version = world.live.summary(app, planned.entry)?.resourceVersion;
  if (known !== undefined && known.of === subjectOf(planned, version))
    return ok(found(planned, known.drift.class, known.drift.fields));
  const live = await world.cluster.get(addressOf(planned.object));
  if (!live.ok) {
    if (live.failure.code !== "not-found") return live;
    return ok(vanishes(planned.object) ? null : found(planned, "deleted", []));
  }
  const { id, ignored } = planned.entry;
  if (hasController(live.value)) return ok(null);
  const options = { manager: fieldManager, force: true, dryRun: true, as };
  const predicted = await world.cluster.apply(planned.object, options);
  if (!predicted.ok) {
    // A webhook or an immutable field can refuse the dry run; that something was changed is certain all the same.
    return isPassing(predicted.failure) ? predicted : ok(found(planned, "modified", []));
  }
  const changed = explainDrift(id, predicted.value.object, live.value, ignored);
  if (live.value.metadata.labels?.[appLabel] !== app) return ok(found(planned, "label-stripped", changed));
  const fields = [...changed, ...explainAdditions(id, predicted.value.object, live.value, ignored)];
  const result = found(planned, fields.length > 0 ? "modified" : "ownership-lost", fields);
  explained.set(place, { of: subjectOf(planned, live.value.metadata.resourceVersion), drift: result.drift });
  return ok(result);
}

function subjectOf({ entry }: PlannedObject, resourceVersion: string | undefined): string {
  return `${resourceVersion} ${entry.desired}`;
}

function found(planned: PlannedObject, kind: DriftClass, fields: ObjectDrift["fields"]): Found {
  const { id, file, line } = planned.entry;
  return { planned, drift: { id, file, line, class: kind, fields } };
}

/** What a controller owns follows its owner, and applying to it would be undone. */
function hasController({ metadata }: KubernetesObject): boolean {
  const owners = metadata["ownerReferences"];
  return Array.isArray(owners) && owners.some((owner: { controller?: boolean }) => owner.controller === true);
}
