/** The plan of one app that Lockkeeper applies: what the merge would make of its objects, asked of the cluster. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { addressAt, resourceText } from "../../model/resource.ts";
import type { Target } from "../../config/config.ts";
import type { RepositoryRef, Snapshot } from "../../model/repository.ts";
import type { Entry, Inventory } from "../../rollout/inventory.ts";
import type { AppPlan, PlannedDelete } from "../../rollout/merge-plan.ts";
import { pruneGate } from "../../rollout/prune.ts";
import { changedObjects } from "../deploy/deploy-apply.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import { identityOf } from "../deploy/deploy-input.ts";
import { type DeployPlan, type PlannedObject, planDeploy } from "../deploy/deploy-plan.ts";
import { prepareObjects } from "../deploy/deploy-prepare.ts";
import { unlessReleased, whyKept } from "../deploy/deploy-prune.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { suspects } from "../drift/drift-find.ts";
import { emptyInventory } from "../deploy/empty-inventory.ts";
import { inFlight } from "../in-flight.ts";
import { type Question, askOne } from "./plan-ask.ts";

/** As many as an apply has in flight. */
const concurrency = 8;

export interface AppInput {
  readonly hash: string;
  /** As the merge leaves it. */
  readonly app: App;
  readonly after: Snapshot;
  /** As it is; null where the merge brings it. */
  readonly was: App | null;
  readonly before: Snapshot;
  readonly repository: RepositoryRef;
  readonly target: Target;
  readonly key: Uint8Array;
}

/** Unchanged objects cost no request. Fails only where trying again may help. */
export async function planApp(world: DeployWorld, input: AppInput): Promise<Result<AppPlan>> {
  const { hash, app, was, target, key, repository } = input;
  const after = await planDeploy(world, { app, hash, repository, snapshot: input.after, target, key });
  if (!after.ok) return after;
  const nothing = { objects: [], refusals: [] };
  const before =
    was === null
      ? ok(nothing)
      : await planDeploy(world, { app: was, hash, repository, snapshot: input.before, target, key });
  if (!before.ok) return before;
  const inventory = world.inventories.get(hash);
  const { questions, late } = questionsOf(world, inventory, { before: before.value, after: after.value });
  const plan = {
    ...emptyPlan(hash, app),
    refusals: after.value.refusals,
    unchanged: after.value.objects.length - questions.length - late,
    late,
  };
  if (plan.refusals.length > 0) return ok({ ...plan, unchanged: 0, late: 0 });
  const all = after.value.objects.map(({ object }) => object);
  const as = identityOf(target);
  const known =
    inventory ?? emptyInventory({ hash, key: { repository: input.repository, path: app.path } }, app.name);
  const context = { app, inventory: known, objects: after.value.objects, as };
  const prepare = (planned: PlannedObject) => prepareObjects(world, context, [planned]);
  const asking = { cluster: world.cluster, as, all, prepare };
  const asked = await inFlight(concurrency, questions, (question) => askOne(asking, question));
  const failed = asked.find((each) => !each.ok);
  if (failed !== undefined && !failed.ok) return failed;
  const changes = asked.flatMap((each) => (each.ok ? [each.value] : []));
  const deletes = await deletesOf(world, app, inventory, after.value);
  return deletes.ok ? ok({ ...plan, changes, ...deletes.value }) : deletes;
}

export function emptyPlan(hash: string, { name, environment }: App): AppPlan {
  const nothing = { refusals: [], changes: [], deletes: [], gate: null, unchanged: 0, late: 0 };
  return { app: hash, name, environment, rendered: null, ...nothing };
}

/** What the deploy would apply, if the merge changes it; `late` counts what it would apply without the merge too. */
function questionsOf(
  world: DeployWorld,
  inventory: Inventory | undefined,
  { before, after }: { readonly before: DeployPlan; readonly after: DeployPlan },
): { readonly questions: readonly Question[]; readonly late: number } {
  const due = inventory === undefined ? after.objects : changedObjects(inventory, after);
  const known = new Map(before.objects.map((object) => [object.text, object]));
  const isOwn = ({ text, entry }: PlannedObject): boolean => known.get(text)?.entry.desired !== entry.desired;
  const drifted = new Set(inventory === undefined ? [] : suspects(world, inventory));
  const questions = due.filter(isOwn).map((planned) => ({
    planned,
    before: known.get(planned.text),
    entry: inventory?.entries.get(planned.text),
    drifted: drifted.has(planned.text),
  }));
  return { questions, late: due.length - questions.length };
}

/** What is in the inventory and not in Git any more; read only where anything of it would be deleted. */
async function deletesOf(
  world: DeployWorld,
  app: App,
  inventory: Inventory | undefined,
  { objects }: DeployPlan,
): Promise<Result<Pick<AppPlan, "deletes" | "gate">>> {
  if (inventory === undefined) return ok({ deletes: [], gate: null });
  const wanted = new Set(objects.map(({ text }) => text));
  const stale = [...inventory.entries].filter(([text]) => !wanted.has(text)).map(([, entry]) => entry);
  const held = app.prune ? pruneGate(wanted.size, stale.length, inventory.entries.size) : null;
  const gate = held === null ? ok(null) : await unlessReleased(world, inventory, { wanted, stale });
  if (!gate.ok) return gate;
  if (!app.prune || gate.value !== null) {
    const stays = app.prune ? null : "the app prunes nothing";
    const deletes = stale.map(({ id }) => ({ object: resourceText(id), stays }));
    return ok({ deletes, gate: gate.value });
  }
  const asked = await inFlight(concurrency, stale, (entry) => deleteOf(world, inventory.app, entry));
  const deletes: PlannedDelete[] = [];
  for (const each of asked) {
    if (!each.ok) return each;
    deletes.push(each.value);
  }
  return ok({ deletes, gate: null });
}

async function deleteOf(world: DeployWorld, app: string, entry: Entry): Promise<Result<PlannedDelete>> {
  const object = resourceText(entry.id);
  const live = await world.cluster.get(addressAt(entry.apiVersion, entry.id));
  if (live.ok) return ok({ object, stays: whyKept(world, app, entry, live.value) });
  if (live.failure.code === "not-found") return ok({ object, stays: "it is gone from the cluster already" });
  return isPassing(live.failure) ? live : ok({ object, stays: live.failure.message });
}
