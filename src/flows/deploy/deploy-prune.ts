/** Deletes what Git does not name any more, if it is provably ours. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, addressAt, resourceText } from "../../model/resource.ts";
import type { Identity } from "../../ports/cluster.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import type { Entry, Inventory, Pending } from "../../rollout/inventory.ts";
import { stageOf } from "../../rollout/order.ts";
import { deletion } from "../../rollout/health.ts";
import { goesWhenDone } from "../../rollout/turn.ts";
import { isReleased, keptByKind, missingProof, pruneGate } from "../../rollout/prune.ts";
import { isPassing } from "./deploy-failure.ts";
import type { DeployPlan } from "./deploy-plan.ts";
import { concurrency } from "./deploy-prepare.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "../in-flight.ts";
import { unplannedDeletes } from "../plan/plan-kept.ts";

export interface Pruned {
  readonly results: Pending["results"];
  /** Why something that Git does not name any more is still there. */
  readonly notes: readonly string[];
  /** What is not in the cluster any more. */
  readonly gone: readonly string[];
}

const nothing: Pruned = { results: {}, notes: [], gone: [] };

/** Last stage first. What stays is kept in the inventory, so that it is looked at again with the next commit. */
export async function prune(
  world: DeployWorld,
  app: App,
  inventory: Inventory,
  { plan, as, forge }: { readonly plan: DeployPlan; readonly as: Identity; readonly forge: RepositoryForge },
): Promise<Result<Pruned>> {
  const wanted = new Set(plan.objects.map(({ text }) => text));
  const stale = [...inventory.entries].filter(([text]) => !wanted.has(text)).map(([, entry]) => entry);
  if (!app.prune || stale.length === 0) return ok(nothing);
  const held = pruneGate(wanted.size, stale.length, inventory.entries.size);
  const refusal = held === null ? ok(null) : await unlessReleased(world, inventory, { wanted, stale });
  if (!refusal.ok) return refusal;
  if (refusal.value !== null) return ok({ ...nothing, notes: [`nothing was pruned: ${refusal.value}`] });
  const unplanned = await unplannedDeletes(forge, inventory, stale);
  if (!unplanned.ok) return unplanned;
  if (unplanned.value !== null) return ok({ ...nothing, notes: [`nothing was pruned: ${unplanned.value}`] });
  let pruned = nothing;
  for (const entry of stale.sort((a, b) => stageOfEntry(b) - stageOfEntry(a))) {
    const kept = await pruneOne(world, inventory.app, entry, as);
    if (!kept.ok) return kept;
    pruned = add(pruned, resourceText(entry.id), kept.value);
  }
  return ok(pruned);
}

/** What was released while it still stood in Git does not count as an accident. */
export async function unlessReleased(
  world: DeployWorld,
  { entries }: Inventory,
  { wanted, stale }: { readonly wanted: ReadonlySet<string>; readonly stale: readonly Entry[] },
): Promise<Result<string | null>> {
  const looks = await inFlight(concurrency, stale, ({ apiVersion, id }) =>
    world.cluster.get(addressAt(apiVersion, id)),
  );
  const passing = looks.find((look) => !look.ok && isPassing(look.failure));
  if (passing?.ok === false) return passing;
  const held = looks.filter((look) => look.ok && !isReleased(look.value)).length;
  return ok(pruneGate(wanted.size, held, entries.size));
}

function stageOfEntry({ apiVersion, id }: Entry): number {
  return stageOf({ apiVersion, kind: id.kind });
}

/** Takes away the hooks that have done their work; what has to stay is told. */
export async function removeSpent(
  world: DeployWorld,
  inventory: Inventory,
  { plan, as }: { readonly plan: DeployPlan; readonly as: Identity },
): Promise<Result<readonly string[]>> {
  const notes: string[] = [];
  for (const { text, object, entry } of plan.objects) {
    const known = inventory.entries.get(text);
    if (known === undefined || !goesWhenDone(object) || world.live.summary(inventory.app, entry) === null)
      continue;
    const fate = await pruneOne(world, inventory.app, known, as);
    if (!fate.ok) return fate;
    if (typeof fate.value === "object")
      notes.push(`${text} is a hook that is done, but stays: ${fate.value.stays}`);
  }
  return ok(notes);
}

type Fate = "deleted" | "was-gone" | { readonly stays: string };

function add(pruned: Pruned, text: string, fate: Fate): Pruned {
  if (typeof fate === "object") {
    return { ...pruned, notes: [...pruned.notes, `${text} is not in Git any more but stays: ${fate.stays}`] };
  }
  const gone = [...pruned.gone, text];
  if (fate === "was-gone") return { ...pruned, gone };
  return { ...pruned, gone, results: { ...pruned.results, [text]: { action: "pruned" } } };
}

/** Fails only where trying again may help. */
async function pruneOne(world: DeployWorld, app: string, entry: Entry, as: Identity): Promise<Result<Fate>> {
  const address = addressAt(entry.apiVersion, entry.id);
  const live = await world.cluster.get(address);
  if (!live.ok && live.failure.code === "not-found") return ok("was-gone");
  if (!live.ok) return isPassing(live.failure) ? live : ok({ stays: live.failure.message });
  const reason = whyKept(world, app, entry, live.value);
  if (reason !== null) return ok({ stays: reason });
  return deleteOne(world, entry, live.value, as);
}

/** Why an object that Git does not name any more has to stay, as half a sentence; null where it is to be deleted. */
export function whyKept(
  world: DeployWorld,
  app: string,
  entry: Entry,
  live: KubernetesObject,
): string | null {
  const byKind = isReleased(live) ? sharedBy(world, app, entry) : keptByKind(entry);
  return byKind ?? missingProof(entry, live, app);
}

async function deleteOne(
  { cluster }: DeployWorld,
  { apiVersion, id, uid }: Entry,
  live: KubernetesObject,
  as: Identity,
): Promise<Result<Fate>> {
  const deleted = await cluster.delete(addressAt(apiVersion, id), uid ?? "", as);
  const finalizers = live.metadata["finalizers"];
  // Nobody knows when it will be gone: it stays on record, and the next commit looks again.
  if (deleted.ok && Array.isArray(finalizers) && finalizers.length > 0) {
    return ok({ stays: deletion(live) });
  }
  if (deleted.ok) return ok("deleted");
  if (deleted.failure.code === "not-found" || deleted.failure.code === "conflict") return ok("was-gone");
  return isPassing(deleted.failure) ? deleted : ok({ stays: deleted.failure.message });
}

/** What another app has in a namespace would go with it. */
function sharedBy({ inventories }: DeployWorld, app: string, { id }: Entry): string | null {
  if (id.kind !== "Namespace") return null;
  const others = inventories.all().filter((inventory) => inventory.app !== app);
  const guest = others.find(({ entries }) =>
    [...entries.values()].some((entry) => entry.id.namespace === id.name),
  );
  return guest === undefined ? null : `the app ${guest.name} has objects in it`;
}
