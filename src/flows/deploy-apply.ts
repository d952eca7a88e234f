/** Applies what changed of an app, stage by stage, and keeps the inventory ahead of every write. */

import type { Failure, Result } from "../model/failure.ts";
import type { Action } from "../model/resource.ts";
import type { Identity } from "../ports/cluster.ts";
import { fieldManager } from "../rollout/app-hash.ts";
import { type Entry, type Inventory, type Pending, writeAhead } from "../rollout/inventory.ts";
import { byStage } from "../rollout/order.ts";
import { ownedDigest } from "../rollout/owned-digest.ts";
import type { DeployPlan, PlannedObject } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "./in-flight.ts";

/** More at once gains nothing: measured against a real API server on two cores. */
const concurrency = 8;

export interface ApplyInput {
  readonly inventory: Inventory;
  readonly plan: DeployPlan;
  readonly pending: Pending;
  readonly as: Identity;
  readonly key: Uint8Array;
}

type ObjectResult = Pending["results"][string];

interface Written {
  readonly text: string;
  readonly result: ObjectResult;
  /** When it was answered. */
  readonly at: string;
  /** The new record; null when it failed. */
  readonly entry: Entry | null;
  readonly failure: Failure | null;
}

/** A kind or namespace that was created a moment ago may not be served yet. */
const settlingMs = 30_000;

/** Failures that may be over in a moment; the others stay until somebody changes something. */
const passing = new Set(["unavailable", "timeout", "rate-limited", "cancelled"]);

export function isPassing({ code }: Failure): boolean {
  return passing.has(code);
}

/** What Git wants otherwise than it was applied last. */
export function changedObjects(inventory: Inventory, plan: DeployPlan): readonly PlannedObject[] {
  return plan.objects.filter(({ text, entry }) => {
    const known = inventory.entries.get(text);
    return known === undefined || known.uid === null || known.desired !== entry.desired;
  });
}

/**
 * Answers the inventory with what was done, saved. An object that is refused is a result, and ends the work after its
 * stage; a failure that may pass is a failure, after what was done is saved.
 */
export async function applyChanges(world: DeployWorld, input: ApplyInput): Promise<Result<Inventory>> {
  const { plan, pending, key } = input;
  const planned = plan.objects.map(({ entry }) => ({ ...entry, desired: null }));
  const ahead = await save(world, writeAhead(input.inventory, planned, pending), key);
  if (!ahead.ok) return ahead;
  const written: Written[] = [];
  for (const stage of byStage(changedObjects(input.inventory, plan), ({ object }) => object)) {
    written.push(...(await inFlight(concurrency, stage, (object) => applyOne(world, input, object))));
    if (written.some((each) => each.failure !== null)) break;
  }
  const done = recorded(ahead.value, plan, written);
  const saved = await save(world, { ...done, pending: progress(world, pending, written) }, key);
  const failures = written.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const young = world.clock.now().getTime() - Date.parse(pending.since) < settlingMs;
  const failure = failures.find((each) => isPassing(each) || (young && each.code === "not-found"));
  return failure === undefined || !saved.ok ? saved : { ok: false, failure };
}

/** Applies one object as the target's account and tells the live index what came of it. */
export async function applyOne(
  world: DeployWorld,
  { inventory, as, key }: Pick<ApplyInput, "inventory" | "as" | "key">,
  planned: PlannedObject,
): Promise<Written> {
  const { text, object } = planned;
  const before = world.live.summary(inventory.app, planned.entry)?.resourceVersion;
  const applied = await world.cluster.apply(object, {
    manager: fieldManager,
    force: true,
    dryRun: false,
    as,
  });
  const at = world.clock.now().toISOString();
  if (!applied.ok) {
    const { failure } = applied;
    return { text, at, entry: null, failure, result: { action: "failed", reason: failure.message } };
  }
  const live = applied.value.object;
  world.live.observe(live);
  const { uid = null, resourceVersion = null } = live.metadata;
  const digest = ownedDigest(key, live, planned.entry.ignored);
  const action = actionOf(applied.value.created, resourceVersion === before);
  return {
    text,
    at,
    entry: { ...planned.entry, uid, resourceVersion, digest },
    failure: null,
    result: { action },
  };
}

function actionOf(created: boolean, same: boolean): Action {
  if (created) return "created";
  return same ? "unchanged" : "configured";
}

/** The inventory with the new records; objects that did not change may stand on another line now. */
export function recorded(inventory: Inventory, plan: DeployPlan, written: readonly Written[]): Inventory {
  const entries = new Map(inventory.entries);
  for (const { text, entry } of plan.objects) {
    const known = entries.get(text);
    if (known !== undefined) entries.set(text, { ...known, file: entry.file, line: entry.line });
  }
  for (const { text, entry } of written) if (entry !== null) entries.set(text, entry);
  return { ...inventory, entries };
}

function progress(world: DeployWorld, pending: Pending, written: readonly Written[]): Pending {
  const complete = written.every((each) => each.failure === null);
  const first = written.find((each) => each.entry !== null)?.at ?? null;
  const results = Object.fromEntries(written.map(({ text, result }) => [text, result]));
  return {
    ...pending,
    firstAppliedAt: pending.firstAppliedAt ?? first,
    appliedAt: complete ? world.clock.now().toISOString() : null,
    results: { ...pending.results, ...results },
  };
}

/** Saves and follows: what the live index compares with is never older than what was saved. */
export async function save(
  world: DeployWorld,
  inventory: Inventory,
  key: Uint8Array,
): Promise<Result<Inventory>> {
  const saved = await world.inventories.save(inventory);
  if (saved.ok) await world.live.follow(saved.value, key);
  else world.doubt();
  return saved;
}
