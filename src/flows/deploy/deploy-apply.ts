/** Applies what changed of an app, stage by stage, and keeps the inventory ahead of every write. */

import { setTimeout as pause } from "node:timers/promises";
import type { App } from "../../model/app.ts";
import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { Action } from "../../model/resource.ts";
import type { Identity } from "../../ports/cluster.ts";
import { type Entry, type Inventory, type Pending, writeAhead } from "../../rollout/inventory.ts";
import { byStage } from "../../rollout/order.ts";
import { ownedDigest } from "../../rollout/owned-digest.ts";
import { isPassing } from "./deploy-failure.ts";
import type { DeployPlan, PlannedObject } from "./deploy-plan.ts";
import { type Prepared, concurrency, prepareObjects } from "./deploy-prepare.ts";
import { type Way, sendObject } from "./deploy-send.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "../in-flight.ts";

export interface ApplyInput {
  readonly app: App;
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
/** How long a stage may take to become what the next one stands on. */
const standingMs = 10_000;
const lookMs = 25;

/** What Git wants otherwise than it was applied last. */
export function changedObjects(
  inventory: Inventory,
  { objects }: Pick<DeployPlan, "objects">,
): readonly PlannedObject[] {
  return objects.filter(({ text, entry }) => {
    const known = inventory.entries.get(text);
    return known === undefined || known.uid === null || known.desired !== entry.desired;
  });
}

/** Everything of the commit is on record before the first write of it. */
export async function recordAhead(world: DeployWorld, input: ApplyInput): Promise<Result<Inventory>> {
  const planned = input.plan.objects.map(({ entry }) => ({ ...entry, desired: null }));
  return save(world, writeAhead(input.inventory, planned, input.pending), input.key);
}

/**
 * Answers the inventory with what was done, saved. An object that is refused is a result, and ends the work after its
 * stage; a failure that may pass is a failure, after what was done is saved.
 */
export async function applyPrepared(
  world: DeployWorld,
  input: ApplyInput,
  prepared: readonly Prepared[],
): Promise<Result<Inventory>> {
  const { plan, pending, key } = input;
  const written: Written[] = [];
  let failure: Failure | undefined;
  for (const stage of byStage(prepared, ({ planned }) => planned.object)) {
    const asked = await askLate(world, input, stage);
    if (!asked.ok) failure = asked.failure;
    else if (asked.value.refused.length > 0) written.push(...asked.value.refused);
    else {
      const { due } = asked.value;
      const lane = (each: Prepared) => applyOne(world, input, each.planned, each);
      written.push(...(await inFlight(concurrency, due, lane)));
    }
    if (failure !== undefined || written.some((each) => each.failure !== null)) break;
    await standing(world, input, stage);
  }
  const done = recorded(input.inventory, plan, written);
  const next = failure === undefined ? progress(world, pending, written) : begun(pending, written);
  const saved = await save(world, { ...done, pending: next }, key);
  const young = world.clock.now().getTime() - Date.parse(pending.since) < settlingMs;
  failure ??= written
    .flatMap((each) => each.failure ?? [])
    .find((each) => isPassing(each) || (young && each.code === "not-found"));
  return failure === undefined || !saved.ok ? saved : { ok: false, failure };
}

interface Asked {
  readonly due: readonly Prepared[];
  readonly refused: readonly Written[];
}

/** What the server could not be asked about before the stages before this one were there. */
async function askLate(
  world: DeployWorld,
  { app, inventory, plan, as }: ApplyInput,
  stage: readonly Prepared[],
): Promise<Result<Asked>> {
  const late = stage.filter(({ deferred }) => deferred).map(({ planned }) => planned);
  if (late.length === 0) return ok({ due: stage, refused: [] });
  const input = { app, inventory, objects: plan.objects, as };
  const asked = await prepareObjects(world, input, late);
  if (!asked.ok) return asked;
  const { prepared, refusals } = asked.value;
  const at = world.clock.now().toISOString();
  const refused = late
    .filter((planned) => !prepared.some((each) => each.planned === planned))
    .map(({ text }, index): Written => {
      const message = (refusals[index] ?? "refused").replace(` ${text}:`, "");
      const failure = { code: "rejected" as const, message };
      return { text, at, entry: null, failure, result: { action: "failed", reason: message } };
    });
  const early = stage.filter(({ deferred }) => !deferred);
  // It may be asked about a moment before it can be written: definitions reach the parts of a server one after the other.
  return ok({ due: [...early, ...prepared.map((each) => ({ ...each, deferred: true }))], refused });
}

/** Waits until the definitions and namespaces of a stage are served, as the watches tell; what is not by then shows itself. */
async function standing(
  world: DeployWorld,
  { inventory }: ApplyInput,
  stage: readonly Prepared[],
): Promise<void> {
  const bases = stage.filter(({ planned }) =>
    ["Namespace", "CustomResourceDefinition"].includes(planned.object.kind),
  );
  for (let waited = 0; waited < standingMs; waited += lookMs) {
    const open = bases.some(
      ({ planned }) => world.live.summary(inventory.app, planned.entry)?.health.state !== "ready",
    );
    if (!open) return;
    await pause(lookMs);
  }
}

const plainly: Way = { deferred: false, adopts: false, recreates: null };

/** Applies one object as the target's account and tells the live index what came of it. */
export async function applyOne(
  world: DeployWorld,
  { inventory, as, key }: Pick<ApplyInput, "inventory" | "as" | "key">,
  planned: PlannedObject,
  way: Way = plainly,
): Promise<Written> {
  const { text } = planned;
  const before = world.live.summary(inventory.app, planned.entry)?.resourceVersion;
  const applied = await sendObject(world, as, planned, way);
  const at = world.clock.now().toISOString();
  if (!applied.ok) {
    const { failure } = applied;
    return { text, at, entry: null, failure, result: { action: "failed", reason: failure.message } };
  }
  const live = applied.value.object;
  world.live.observe(live);
  const { uid = null, resourceVersion = null } = live.metadata;
  const digest = ownedDigest(key, live, planned.entry.ignored);
  const action =
    way.recreates === null ? actionOf(applied.value.created, resourceVersion === before) : "recreated";
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

function begun(pending: Pending, written: readonly Written[]): Pending {
  const first = written.find((each) => each.entry !== null)?.at ?? null;
  const results = Object.fromEntries(written.map(({ text, result }) => [text, result]));
  return {
    ...pending,
    firstAppliedAt: pending.firstAppliedAt ?? first,
    results: { ...pending.results, ...results },
  };
}

function progress(world: DeployWorld, pending: Pending, written: readonly Written[]): Pending {
  const complete = written.every((each) => each.failure === null);
  return { ...begun(pending, written), appliedAt: complete ? world.clock.now().toISOString() : null };
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
