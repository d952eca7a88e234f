/** From a commit to what has to be in the cluster for one app, or to all the reasons why nothing of it may be. */

import type { Target } from "../../config/config.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Snapshot } from "../../model/repository.ts";
import { type KubernetesObject, groupOf, resourceId, resourceText } from "../../model/resource.ts";
import type { RenderedObject } from "../../ports/renderer.ts";
import { canonicalJson, keyedHash } from "../../rollout/canonical-json.ts";
import { conflictPaths } from "../../rollout/conflict-policy.ts";
import { definedKinds } from "../../rollout/defined-kinds.ts";
import { duplicateItem } from "../../rollout/duplicate-items.ts";
import { ignoredPaths } from "../../rollout/ignore-rules.ts";
import type { Entry } from "../../rollout/inventory.ts";
import { normalise } from "../../rollout/normalise.ts";
import { goesWhenDone, isHook, turnOf } from "../../rollout/turn.ts";
import { outsideTarget } from "../../rollout/within-target.ts";
import { type Owner, ownersOf } from "./deploy-owners.ts";
import type { DeployWorld } from "./deploy-world.ts";

/** One object as it will be sent, with the record that the inventory keeps of it. */
export interface PlannedObject {
  readonly text: string;
  readonly object: KubernetesObject;
  readonly entry: Entry;
  /** Smaller ones first; the next begins when all before it are healthy. */
  readonly turn: number;
  /** Paths that are left to whoever else writes them. */
  readonly yields: readonly string[];
  /** Paths where another manager's hand ends the deployment. */
  readonly fails: readonly string[];
  /** Hash of an app that has it and is none any more, as where its folder was renamed; null otherwise. */
  readonly leftBy: string | null;
}

export interface DeployPlan {
  readonly objects: readonly PlannedObject[];
  /** One sentence each; where there is any, nothing is applied. */
  readonly refusals: readonly string[];
  /** What stands in Git and is not for an apply, one sentence each. */
  readonly leftOut?: readonly string[];
}

export interface PlanInput {
  readonly app: App;
  readonly hash: string;
  readonly repository: { readonly id: number };
  readonly snapshot: Snapshot;
  readonly target: Target;
  readonly key: Uint8Array;
}

/** Fails only where it is worth trying again: what Git or the target say is a refusal. */
export async function planDeploy(world: DeployWorld, input: PlanInput): Promise<Result<DeployPlan>> {
  const rendering = await world.renderer.render(input.snapshot, input.app);
  if (!rendering.ok && rendering.failure.code === "unavailable") return rendering;
  if (!rendering.ok) return ok({ objects: [], refusals: [rendering.failure.message] });
  const { objects } = rendering.value;
  const scopes = await scopesOf(world, objects);
  if (!scopes.ok) return scopes;
  const placing = { ...input, scopes: scopes.value };
  const looks = objects.map((rendered) => placeOne(placing, rendered));
  const placed = looks.flatMap((look) => ("object" in look ? [look] : []));
  const all = placed.map(({ object }) => object);
  const owners = await ownersOf(world, input, placed.map(textOf));
  return ok({
    objects: placed.map((each) => {
      const owner = owners.get(textOf(each));
      return { ...plannedObject(input, all, each), leftBy: owner?.left === true ? owner.app : null };
    }),
    refusals: [
      ...looks.flatMap((look) => ("refused" in look ? [look.refused] : [])),
      ...collisions(placed, owners),
    ],
    leftOut: looks.flatMap((look) => ("leftOut" in look ? [look.leftOut] : [])),
  });
}

interface Placed {
  readonly rendered: RenderedObject;
  readonly object: KubernetesObject;
  readonly turn: number;
}

const textOf = ({ object }: Placed): string => resourceText(resourceId(object));

type Placing = PlanInput & { readonly scopes: ReadonlyMap<string, boolean> };

/** An object as it will be sent, or why it is not. */
function placeOne(
  { app, hash, target, scopes }: Placing,
  rendered: RenderedObject,
): Placed | { readonly refused: string } | { readonly leftOut: string } {
  const { object } = rendered;
  const where = `${rendered.file}:${rendered.line}`;
  const turn = turnOf(object);
  if ("leftOut" in turn) {
    return { leftOut: `${where}: ${resourceText(resourceId(object))} is left out: ${turn.leftOut}` };
  }
  const namespaced = scopes.get(kindText(object));
  if (namespaced === undefined) {
    return { refused: `${where}: the cluster does not serve ${object.apiVersion} ${object.kind}` };
  }
  const normal = normalise(object, { appHash: hash, namespaced, namespace: app.namespace });
  const outside = outsideTarget(normal, namespaced, target);
  if (outside !== null) return { refused: `${where}: ${outside}` };
  const wrong = "refused" in turn ? turn.refused : duplicateItem(normal);
  if (wrong !== null) return { refused: `${where}: ${resourceText(resourceId(normal))}: ${wrong}` };
  return { rendered, object: normal, turn: "at" in turn ? turn.at : 0 };
}

const kindText = ({ apiVersion, kind }: KubernetesObject): string => `${apiVersion} ${kind}`;

/** Whether each kind is namespaced: from the cluster, or from a definition in the same set; absent where nobody knows. */
async function scopesOf(
  world: DeployWorld,
  objects: readonly RenderedObject[],
): Promise<Result<ReadonlyMap<string, boolean>>> {
  const defined = definedKinds(objects.map(({ object }) => object));
  const scopes = new Map<string, boolean>();
  for (const { object } of objects) {
    if (scopes.has(kindText(object))) continue;
    const info = await world.cluster.kind(object.apiVersion, object.kind);
    if (!info.ok && info.failure.code !== "not-found") return info;
    const own = defined.get(`${groupOf(object.apiVersion)}/${object.kind}`);
    const namespaced = info.ok ? info.value.namespaced : own;
    if (namespaced !== undefined) scopes.set(kindText(object), namespaced);
  }
  return ok(scopes);
}

/** An object is named once, by one app. */
function collisions(placed: readonly Placed[], owners: ReadonlyMap<string, Owner>): readonly string[] {
  const seen = new Map<string, RenderedObject>();
  return placed.flatMap((each) => {
    const { rendered } = each;
    const text = textOf(each);
    const where = `${rendered.file}:${rendered.line}: ${text}`;
    const first = seen.get(text);
    if (first !== undefined) return [`${where} is also at ${first.file}:${first.line}`];
    seen.set(text, rendered);
    const owner = owners.get(text);
    return owner === undefined || owner.left ? [] : [`${where} belongs to the app ${owner.name}`];
  });
}

function plannedObject(
  { app, key }: PlanInput,
  all: readonly KubernetesObject[],
  { rendered, object, turn }: Placed,
): Omit<PlannedObject, "leftBy"> {
  const { file, line } = rendered;
  const id = resourceId(object);
  const { yields, fails } = conflictPaths(app.conflicts ?? [], object, all);
  const ignored = [...new Set([...yields, ...ignoredPaths(app.ignore ?? [], object)])].toSorted();
  // What is not there any more has to come back with whatever needs it: such hooks are run again together.
  const along = goesWhenDone(object) ? [all.filter(isHook)] : [];
  const desired = keyedHash(key, canonicalJson([object, ignored, ...along]));
  const { apiVersion } = object;
  const entry = {
    id,
    apiVersion,
    uid: null,
    desired,
    digest: null,
    resourceVersion: null,
    ignored,
    file,
    line,
  };
  return { text: resourceText(id), object, entry, turn, yields, fails };
}
