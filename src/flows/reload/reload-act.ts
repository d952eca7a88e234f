/** Writes what the reload flow decided of one workload, and tells it: one request, one event, one line in the log. */

import { type Result, ok } from "../../model/failure.ts";
import { keyedHash } from "../../rollout/canonical-json.ts";
import { restartsOnly } from "../../rollout/reload-annotations.ts";
import { type Change, type Observed, writeObserved } from "../../rollout/reload-observed.ts";
import { type ReloadOutcome, changesText, reloadEvent } from "../../rollout/reload-report.ts";
import { type Holding, holdingObject, reloadManager } from "../../rollout/reload-workload.ts";
import type { Tracked } from "./reload-index.ts";
import type { ReloadWorld } from "./reload-world.ts";

interface Act {
  readonly outcome: "record" | "roll" | "tell" | "flapping";
  readonly record: Observed;
  readonly changes: readonly Change[];
  readonly key: Uint8Array;
}

/** Writes the record, with a new template where the workload is to roll. A workload that moved meanwhile is a `conflict`. */
export async function holdOn(world: ReloadWorld, tracked: Tracked, act: Act): Promise<Result<void>> {
  if (act.outcome === "flapping") {
    return tellOnce(world, tracked, act.changes);
  }
  const { workload } = tracked;
  const now = world.clock.now();
  const rolls = act.outcome === "roll";
  const rolled = rolls ? [...act.record.rolled, now.toISOString()] : act.record.rolled;
  const observed = writeObserved({ ...act.record, rolled });
  const restarts = rolls && restartsOnly(workload.kind.kind, workload.annotations);
  // A new value each time: the same configuration may come back after another rollout went between.
  const next = rolls && !restarts ? keyedHash(act.key, `${workload.hash} ${observed}`) : workload.hash;
  const restartAt = restarts ? `${now.toISOString().slice(0, 19)}Z` : workload.restartAt;
  const written = await write(world, tracked, { observed, hash: next, restartAt });
  if (!written.ok) return written;
  world.reloads.waiting.delete(tracked.text);
  world.reloads.said.delete(flappingOf(tracked));
  if (act.outcome === "record") {
    world.counts.recorded += 1;
    return ok(undefined);
  }
  return tell(world, tracked, rolls ? "rolled" : "told", act.changes);
}

/** Takes the record away from a workload that no longer asks; its template stays, so that nothing rolls. */
export async function release(world: ReloadWorld, tracked: Tracked): Promise<Result<void>> {
  const { hash, restartAt } = tracked.workload;
  return write(world, tracked, { observed: null, hash, restartAt });
}

async function write(world: ReloadWorld, { workload }: Tracked, holding: Holding): Promise<Result<void>> {
  const options = { manager: reloadManager, force: true, dryRun: false, as: "self" } as const;
  const applied = await world.cluster.apply(holdingObject(workload, holding), options);
  if (!applied.ok) return applied;
  world.watches.index.takeWorkload(applied.value.object, false);
  return ok(undefined);
}

const flappingOf = ({ text, workload }: Tracked): string => `${text} ${workload.uid} flapping`;

/** Said once until it is over. */
async function tellOnce(
  world: ReloadWorld,
  tracked: Tracked,
  changes: readonly Change[],
): Promise<Result<void>> {
  if (world.reloads.said.has(flappingOf(tracked))) return ok(undefined);
  world.reloads.said.add(flappingOf(tracked));
  return tell(world, tracked, "flapping", changes);
}

/** The log has it in any case; the event where we may. */
async function tell(
  world: ReloadWorld,
  { text, workload }: Tracked,
  outcome: ReloadOutcome,
  changes: readonly Change[],
): Promise<Result<void>> {
  world.counts[outcome] += 1;
  const fields = { workload: text, changed: changesText(changes) };
  if (outcome === "flapping") world.log.warn(fields, "flapping configuration: the next rollout waits");
  else
    world.log.info(
      fields,
      outcome === "rolled" ? "rolled for its configuration" : "its configuration changed",
    );
  const event = reloadEvent(workload, outcome, changes, world.clock.now());
  const created = await world.cluster.create(event);
  if (!created.ok) {
    const { code, message } = created.failure;
    if (!world.reloads.said.has(code)) world.log.warn({ workload: text, code }, `no event: ${message}`);
    world.reloads.said.add(code);
  }
  return ok(undefined);
}
