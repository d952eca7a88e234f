/** Asks the cluster what an apply of one object would make of it, without changing anything. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, addressOf, groupOf } from "../../model/resource.ts";
import type { Identity } from "../../ports/cluster.ts";
import { fieldManager } from "../../rollout/app-hash.ts";
import { definedKinds } from "../../rollout/defined-kinds.ts";
import { explainChange } from "../../rollout/drift.ts";
import type { Entry } from "../../rollout/inventory.ts";
import { manifestChanges } from "../../rollout/manifest-changes.ts";
import { type FieldChange, type PlannedChange, toFieldChange } from "../../rollout/merge-plan.ts";
import { restartOf } from "../../rollout/restart.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import type { PlannedObject } from "../deploy/deploy-plan.ts";
import type { Preparation } from "../deploy/deploy-prepare.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";

/** One object that the merge changes. */
export interface Question {
  readonly planned: PlannedObject;
  /** The same object as the default branch has it; absent where it has none. */
  readonly before: PlannedObject | undefined;
  /** Its record; absent where Lockkeeper has not made it. */
  readonly entry: Entry | undefined;
  /** Something has changed it in the cluster since. */
  readonly drifted: boolean;
}

export interface Asking {
  readonly cluster: DeployWorld["cluster"];
  readonly as: Identity;
  /** All objects of the app as the merge leaves them. */
  readonly all: readonly KubernetesObject[];
  /** What the deploy would make of one that the server refuses, or that is not ours: it asks again. */
  readonly prepare: (planned: PlannedObject) => Promise<Result<Preparation>>;
}

/**
 * A dry run; a read too where the object is there, and a second dry run where it has drifted. Fails only where asking again
 * may help.
 */
export async function askOne(asking: Asking, question: Question): Promise<Result<PlannedChange>> {
  const { planned, entry } = question;
  const predicted = await dryRun(asking, planned.object);
  if (!predicted.ok) {
    if (isPassing(predicted.failure)) return predicted;
    return withoutAnswer(asking, question, predicted.failure);
  }
  if (predicted.value.created) return ok(changeOf(question, { action: "create" }));
  if (entry === undefined || entry.uid === null) return taken(asking, question);
  const live = await asking.cluster.get(addressOf(planned.object));
  if (!live.ok) {
    if (isPassing(live.failure)) return live;
    return ok(told(question, { unproven: reasonOf(live.failure) }));
  }
  // Another object of that name is none of the inventory: what it holds is not ours to show.
  if (live.value.metadata.uid !== entry.uid) return taken(asking, question);
  return compare(asking, question, { predicted: predicted.value.object, live: live.value });
}

function dryRun({ cluster, as }: Asking, object: KubernetesObject) {
  return cluster.apply(object, { manager: fieldManager, force: true, dryRun: true, as });
}

/** What the merge changes, apart from what only goes back to what Git says already. */
async function compare(
  asking: Asking,
  question: Question,
  { predicted, live }: { readonly predicted: KubernetesObject; readonly live: KubernetesObject },
): Promise<Result<PlannedChange>> {
  const { planned, before, drifted } = question;
  const { id } = planned.entry;
  const all = explainChange(id, predicted, live).map(toFieldChange);
  const restart = restartOf(predicted, live, all);
  const without = drifted && before !== undefined ? await dryRun(asking, before.object) : null;
  if (without?.ok === false && isPassing(without.failure)) return without;
  if (!without?.ok) return ok(changeOf(question, { fields: all, restart }));
  const own = new Set(explainChange(id, predicted, without.value.object).map(({ path }) => path));
  const isOwn = ({ path }: FieldChange): boolean => own.has(path);
  const takesBack = all.filter((field) => !isOwn(field));
  return ok(changeOf(question, { fields: all.filter(isOwn), takesBack, restart }));
}

/** One that is there and not ours: whether the deploy may have it is for the app to say. */
async function taken({ prepare }: Asking, question: Question): Promise<Result<PlannedChange>> {
  const prepared = await prepare(question.planned);
  if (!prepared.ok) return prepared;
  const [refusal] = prepared.value.refusals;
  const refused = refusal === undefined ? null : reasonOf({ message: withoutPlace(question, refusal) });
  return ok(changeOf(question, { action: "take", refused }));
}

/** What a refused dry run means. */
async function withoutAnswer(
  { all, prepare }: Asking,
  question: Question,
  failure: Failure,
): Promise<Result<PlannedChange>> {
  const { object } = question.planned;
  if (failure.code === "unsupported") return ok(told(question, { unproven: reasonOf(failure) }));
  const along = failure.code === "not-found" ? createdAlong(object, all) : null;
  if (along !== null) return ok(changeOf(question, { action: "create", unproven: along }));
  const prepared = await prepare(question.planned);
  if (!prepared.ok) return prepared;
  const [refusal] = prepared.value.refusals;
  if (refusal !== undefined) {
    return ok(told(question, { refused: reasonOf({ message: withoutPlace(question, refusal) }) }));
  }
  const [how] = prepared.value.prepared;
  if (how !== undefined && how.recreates !== null) return ok(told(question, { action: "recreate" }));
  return ok(how?.adopts === true ? changeOf(question, { action: "take" }) : told(question, {}));
}

/** The place in Git stands beside it. */
function withoutPlace({ planned: { entry } }: Question, refusal: string): string {
  const place = `${entry.file}:${entry.line}: `;
  return refusal.startsWith(place) ? refusal.slice(place.length) : refusal;
}

/** Half a sentence for what an object needs and the same change brings; null where it brings nothing of it. */
function createdAlong(object: KubernetesObject, all: readonly KubernetesObject[]): string | null {
  const { namespace } = object.metadata;
  if (definedKinds(all).has(`${groupOf(object.apiVersion)}/${object.kind}`))
    return "its kind comes with the same change";
  const brought = all.some(({ kind, metadata }) => kind === "Namespace" && metadata.name === namespace);
  return brought ? "its namespace comes with the same change" : null;
}

/** Told from the manifests, as the server does not tell. */
export function told(question: Question, more: Partial<PlannedChange>): PlannedChange {
  const { planned, before } = question;
  if (before === undefined) {
    return changeOf(question, { action: question.entry?.uid ? "change" : "create", ...more });
  }
  const fields = manifestChanges(planned.entry.id, before.object, planned.object);
  return changeOf(question, { fields, restart: restartOf(planned.object, undefined, fields), ...more });
}

function changeOf({ planned }: Question, more: Partial<PlannedChange>): PlannedChange {
  const { text, entry } = planned;
  const nothing = { fields: [], takesBack: [], unproven: null, refused: null, restart: null };
  const { file, line } = entry;
  return {
    object: text,
    secret: entry.id.kind === "Secret",
    action: "change",
    file,
    line,
    ...nothing,
    ...more,
  };
}

/** Without what was tried, which the object beside it says. */
function reasonOf({ message }: Pick<Failure, "message">): string {
  return message.slice(message.indexOf(": ") + 2);
}
