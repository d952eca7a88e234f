/** Deletes what Git does not name any more, if it is provably ours. */

import type { App } from "../model/app.ts";
import { type Result, ok } from "../model/failure.ts";
import { addressAt, resourceText } from "../model/resource.ts";
import type { Identity } from "../ports/cluster.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import type { Entry, Inventory, Pending } from "../rollout/inventory.ts";
import { stageOf } from "../rollout/order.ts";
import { keptByKind, missingProof, pruneGate } from "../rollout/prune.ts";
import { isPassing } from "./deploy-apply.ts";
import type { DeployPlan } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { unplannedDeletes } from "./plan-kept.ts";

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
  const refusal = pruneGate(wanted.size, stale.length, inventory.entries.size);
  if (refusal !== null) return ok({ ...nothing, notes: [`nothing was pruned: ${refusal}`] });
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

function stageOfEntry({ apiVersion, id }: Entry): number {
  return stageOf({ apiVersion, kind: id.kind });
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
  const byKind = keptByKind(entry);
  if (byKind !== null) return ok({ stays: byKind });
  const address = addressAt(entry.apiVersion, entry.id);
  const live = await world.cluster.get(address);
  if (!live.ok && live.failure.code === "not-found") return ok("was-gone");
  if (!live.ok) return isPassing(live.failure) ? live : ok({ stays: live.failure.message });
  const reason = missingProof(entry, live.value, app);
  if (reason !== null) return ok({ stays: reason });
  const deleted = await world.cluster.delete(address, entry.uid ?? "", as);
  if (deleted.ok) return ok("deleted");
  if (deleted.failure.code === "not-found" || deleted.failure.code === "conflict") return ok("was-gone");
  return isPassing(deleted.failure) ? deleted : ok({ stays: deleted.failure.message });
}
