/** From a commit to what has to be in the cluster for one app, or to all the reasons why nothing of it may be. */

import type { Target } from "../config/config.ts";
import type { App } from "../model/app.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Snapshot } from "../model/repository.ts";
import { type KubernetesObject, groupOf, resourceId, resourceText } from "../model/resource.ts";
import type { RenderedObject } from "../ports/renderer.ts";
import { canonicalJson, keyedHash } from "../rollout/canonical-json.ts";
import { definedKinds } from "../rollout/defined-kinds.ts";
import { ignoredFields } from "../rollout/ignored-fields.ts";
import type { Entry } from "../rollout/inventory.ts";
import { normalise } from "../rollout/normalise.ts";
import { outsideTarget } from "../rollout/within-target.ts";
import type { DeployWorld } from "./deploy-world.ts";

/** One object as it will be sent, with the record that the inventory keeps of it. */
export interface PlannedObject {
  readonly text: string;
  readonly object: KubernetesObject;
  readonly entry: Entry;
}

/** `refusals` are one sentence each; where there is any, nothing is applied. */
export interface DeployPlan {
  readonly objects: readonly PlannedObject[];
  readonly refusals: readonly string[];
}

export interface PlanInput {
  readonly app: App;
  readonly hash: string;
  readonly snapshot: Snapshot;
  readonly target: Target;
  readonly key: Uint8Array;
}

/** Fails only where it is worth trying again: what Git or the target say is a refusal. */
export async function planDeploy(world: DeployWorld, input: PlanInput): Promise<Result<DeployPlan>> {
  const rendering = await world.renderer.render(input.snapshot, input.app.path);
  if (!rendering.ok) return ok({ objects: [], refusals: [rendering.failure.message] });
  const { objects } = rendering.value;
  const scopes = await scopesOf(world, objects);
  if (!scopes.ok) return scopes;
  const refusals: string[] = [];
  const placed: (readonly [RenderedObject, KubernetesObject])[] = [];
  for (const rendered of objects) {
    const { object } = rendered;
    const namespaced = scopes.value.get(kindText(object));
    const where = `${rendered.file}:${rendered.line}`;
    if (namespaced === undefined) {
      refusals.push(`${where}: the cluster does not serve ${object.apiVersion} ${object.kind}`);
      continue;
    }
    const placement = { appHash: input.hash, namespaced, namespace: input.app.namespace };
    const normal = normalise(object, placement);
    const outside = outsideTarget(normal, namespaced, input.target);
    if (outside === null) placed.push([rendered, normal]);
    else refusals.push(`${where}: ${outside}`);
  }
  refusals.push(...collisions(world, input.hash, placed));
  const all = placed.map(([, object]) => object);
  return ok({ objects: placed.map((each) => plannedObject(input.key, all, each)), refusals });
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
function collisions(
  world: DeployWorld,
  hash: string,
  placed: readonly (readonly [RenderedObject, KubernetesObject])[],
): readonly string[] {
  const others = world.inventories.all().filter((inventory) => inventory.app !== hash);
  const seen = new Map<string, RenderedObject>();
  return placed.flatMap(([rendered, object]) => {
    const text = resourceText(resourceId(object));
    const where = `${rendered.file}:${rendered.line}: ${text}`;
    const first = seen.get(text);
    if (first !== undefined) return [`${where} is also at ${first.file}:${first.line}`];
    seen.set(text, rendered);
    const owner = others.find((inventory) => inventory.entries.has(text));
    return owner === undefined ? [] : [`${where} belongs to the app ${owner.name}`];
  });
}

function plannedObject(
  key: Uint8Array,
  all: readonly KubernetesObject[],
  [{ file, line }, object]: readonly [RenderedObject, KubernetesObject],
): PlannedObject {
  const id = resourceId(object);
  const ignored = ignoredFields(object, all);
  const desired = keyedHash(key, canonicalJson([object, ignored]));
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
  return { text: resourceText(id), object, entry };
}
