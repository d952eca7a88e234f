/** Asks the API server about everything that will change before the first write: what it would refuse stops the whole commit. */

import type { App } from "../../model/app.ts";
import { type Failure, type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, addressOf } from "../../model/resource.ts";
import type { Applied, Identity } from "../../ports/cluster.ts";
import { appLabel, fieldManager } from "../../rollout/app-hash.ts";
import { type SetContents, contentsOf, standsOn } from "../../rollout/defined-kinds.ts";
import { isWithin } from "../../rollout/field-path.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { appliedEntries } from "../../rollout/owned-fields.ts";
import { missingProof } from "../../rollout/prune.ts";
import { claimOn, takeOverPatch } from "../../rollout/take-over.ts";
import { isHook } from "../../rollout/turn.ts";
import { isPassing, refusalOf } from "./deploy-failure.ts";
import type { PlannedObject } from "./deploy-plan.ts";
import type { DeployWorld } from "./deploy-world.ts";
import { inFlight } from "../in-flight.ts";
import { yielded } from "./yielded.ts";

/** More at once gains nothing: measured against a real API server on two cores. */
export const concurrency = 8;

/** An object that the server would take, and what has to be done first. */
export interface Prepared {
  readonly planned: PlannedObject;
  /** Its namespace or kind comes with the same commit, so that the server could not be asked yet. */
  readonly deferred: boolean;
  /** It was there before us, and what its makers own has to become ours. */
  readonly adopts: boolean;
  /** uid of what has to be deleted, so that it can be made anew; null where nothing has. */
  readonly recreates: string | null;
}

export interface Preparation {
  readonly prepared: readonly Prepared[];
  /** With file and line, one sentence each. */
  readonly refusals: readonly string[];
  /** Some object is ours already, and the inventory does not know of it. */
  readonly forgotten: boolean;
}

export interface PrepareInput {
  readonly app: App;
  readonly inventory: Inventory;
  /** Everything of the commit, changed or not. */
  readonly objects: readonly PlannedObject[];
  readonly as: Identity;
}

type Look = (Prepared & { readonly forgotten: boolean }) | { readonly refused: string };

/** Fails only where it is worth trying again. One dry run for each object, and a read for those that were there before. */
export async function prepareObjects(
  world: DeployWorld,
  input: PrepareInput,
  changed: readonly PlannedObject[],
): Promise<Result<Preparation>> {
  const contents = contentsOf(input.objects.map(({ object }) => object));
  const looks = await inFlight(concurrency, changed, (planned) =>
    prepareOne(world, { ...input, contents }, planned),
  );
  const prepared: Prepared[] = [];
  const refusals: string[] = [];
  let forgotten = false;
  for (const look of looks) {
    if (!look.ok) return look;
    if ("refused" in look.value) refusals.push(look.value.refused);
    else prepared.push(look.value);
    forgotten ||= "forgotten" in look.value && look.value.forgotten;
  }
  return ok({ prepared, refusals, forgotten });
}

type Context = PrepareInput & { readonly contents: SetContents };

async function prepareOne(
  world: DeployWorld,
  context: Context,
  planned: PlannedObject,
): Promise<Result<Look>> {
  const answer = await dryRun(world, context, planned);
  const plain = { planned, deferred: false, adopts: false, recreates: null, forgotten: false };
  const known = (context.inventory.entries.get(planned.text)?.uid ?? null) !== null;
  if (answer.ok) {
    return answer.value.created || known ? ok(plain) : adopt(world, context, planned);
  }
  return refused(world, context, { planned, failure: answer.failure, known });
}

/** What a dry run that failed means: worth another try, something to be done first, or the end of the commit. */
async function refused(
  world: DeployWorld,
  context: Context,
  { planned, failure, known }: { planned: PlannedObject; failure: Failure; known: boolean },
): Promise<Result<Look>> {
  const plain = { planned, deferred: false, adopts: false, recreates: null, forgotten: false };
  const { namespace } = planned.object.metadata;
  if (failure.code === "not-found" && standsOn(planned.object, context.contents)) {
    return ok({ ...plain, deferred: true });
  }
  // The object itself need not be there, and its kind is served: what is missing is its namespace.
  if (failure.code === "not-found" && namespace !== undefined) {
    return ok(
      refuse(planned, `${planned.text}: the namespace ${namespace} is not there, and the app brings none`),
    );
  }
  if (failure.code === "unsupported") return ok(plain);
  if (isPassing(failure)) return { ok: false, failure };
  if (refusalOf(failure).immutable === true) return recreate(world, context, planned, failure);
  // What its makers own can stand in the way of the very change that taking it over makes possible.
  if (failure.code === "rejected" && !known) return adoptRefused(world, context, planned, failure);
  return ok(refuse(planned, failure.message));
}

function refuse({ entry }: PlannedObject, reason: string): { readonly refused: string } {
  return { refused: `${entry.file}:${entry.line}: ${reason.replace(/^dry-run /, "")}` };
}

/** Where some fields must not be taken, the server is asked first without force who holds them. */
async function dryRun(world: DeployWorld, { as }: Context, planned: PlannedObject): Promise<Result<Applied>> {
  const object = await yielded(world, planned);
  if (!object.ok) return object;
  const options = { manager: fieldManager, force: true, dryRun: true, as };
  if (planned.fails.length > 0) {
    const gentle = await world.cluster.apply(object.value, { ...options, force: false });
    if (gentle.ok) return gentle;
    const conflicts = refusalOf(gentle.failure).conflicts ?? [];
    if (conflicts.some(({ field }) => isWithin(field, planned.fails))) return gentle;
    if (conflicts.length === 0) return gentle;
  }
  return world.cluster.apply(object.value, options);
}

/** The object is there, and no record of ours says that we made it. */
async function adopt(
  world: DeployWorld,
  { app, inventory }: Context,
  planned: PlannedObject,
): Promise<Result<Look>> {
  const live = await world.cluster.get(addressOf(planned.object));
  const plain = { planned, deferred: false, adopts: false, recreates: null, forgotten: false };
  if (!live.ok) return live.failure.code === "not-found" ? ok(plain) : live;
  const claim = claimOn(live.value, [inventory.app, planned.leftBy]);
  if (claim.kind === "never")
    return ok(refuse(planned, `${planned.text} is not taken over: ${claim.reason}`));
  if (claim.kind === "engine" && app.takeOver !== true) {
    const advice = `end that first, or allow it by "takeOver: true" of the app`;
    return ok(refuse(planned, `${planned.text} is not taken over: ${claim.reason}; ${advice}`));
  }
  const adopts = takeOverPatch(live.value, planned.object.apiVersion) !== null;
  return ok({ ...plain, adopts, forgotten: isForgotten(live.value, inventory) });
}

function isForgotten(live: KubernetesObject, { app, entries }: Inventory): boolean {
  const ours = live.metadata.labels?.[appLabel] === app && appliedEntries(live, fieldManager).length > 0;
  return ours && entries.size === 0;
}

async function adoptRefused(
  world: DeployWorld,
  context: Context,
  planned: PlannedObject,
  failure: Failure,
): Promise<Result<Look>> {
  const adopted = await adopt(world, context, planned);
  if (!adopted.ok || "refused" in adopted.value || adopted.value.adopts) return adopted;
  return ok(refuse(planned, failure.message));
}

/** A field that never changes has changed: only deleting the object helps, and only the app can allow that. */
async function recreate(
  world: DeployWorld,
  { app, inventory }: Context,
  planned: PlannedObject,
  failure: Failure,
): Promise<Result<Look>> {
  const { kind } = planned.object;
  if (app.recreate?.includes(kind) !== true && !isHook(planned.object)) {
    const advice = `only deleting it would help, which the app allows by "recreate: [${kind}]"`;
    return ok(refuse(planned, `${failure.message}; ${advice}`));
  }
  const live = await world.cluster.get(addressOf(planned.object));
  if (!live.ok) return live;
  const entry = inventory.entries.get(planned.text);
  const missing =
    entry === undefined ? "it was not made by this app" : missingProof(entry, live.value, inventory.app);
  if (missing !== null) return ok(refuse(planned, `${failure.message}; it is not made anew: ${missing}`));
  const recreates = live.value.metadata.uid ?? null;
  return ok({ planned, deferred: false, adopts: false, recreates, forgotten: false });
}
