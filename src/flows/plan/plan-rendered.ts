/** The plan of an app of which the cluster is not asked: its manifests before and after the merge, compared with each other. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import type { Snapshot } from "../../model/repository.ts";
import type { RenderedObject, Renderer } from "../../ports/renderer.ts";
import { canonicalJson } from "../../rollout/canonical-json.ts";
import { definedKinds } from "../../rollout/defined-kinds.ts";
import { manifestChanges } from "../../rollout/manifest-changes.ts";
import type { AppPlan, PlannedChange } from "../../rollout/merge-plan.ts";
import { normalise } from "../../rollout/normalise.ts";
import { restartOf } from "../../rollout/restart.ts";
import { isClusterScoped } from "../../rollout/scope.ts";
import { turnOf } from "../../rollout/turn.ts";
import type { AppInput } from "./plan-app.ts";
import { emptyPlan } from "./plan-app.ts";

interface Manifest {
  readonly rendered: RenderedObject;
  readonly object: KubernetesObject;
}

type Manifests = ReadonlyMap<string, Manifest>;

/** `why` is half a sentence. What cannot be rendered is a refusal. */
export async function planRendered(
  renderer: Renderer,
  input: Pick<AppInput, "hash" | "app" | "was" | "before" | "after">,
  why: string,
): Promise<AppPlan> {
  const { hash, app, was } = input;
  const plan = { ...emptyPlan(hash, app), rendered: why };
  const after = await manifestsOf(renderer, input.after, app);
  if (!after.ok) return { ...plan, refusals: [after.failure.message] };
  const known = was === null ? ok(new Map()) : await manifestsOf(renderer, input.before, was);
  const before: Manifests = known.ok ? known.value : new Map();
  const changes = [...after.value].flatMap(([text, manifest]) => changeOf(text, manifest, before.get(text)));
  const deletes = [...before.keys()]
    .filter((text) => !after.value.has(text))
    .map((object) => ({ object, stays: null }));
  return { ...plan, changes, deletes, unchanged: after.value.size - changes.length };
}

async function manifestsOf(renderer: Renderer, snapshot: Snapshot, app: App): Promise<Result<Manifests>> {
  const rendering = await renderer.render(snapshot, app);
  if (!rendering.ok) return rendering;
  const objects = rendering.value.objects.filter(({ object }) => !("leftOut" in turnOf(object)));
  const defined = definedKinds(objects.map(({ object }) => object));
  return ok(
    new Map(
      objects.map((rendered) => {
        const namespaced = !isClusterScoped(rendered.object, defined);
        const placement = { appHash: "", namespaced, namespace: app.namespace };
        const object = normalise(rendered.object, placement);
        return [resourceText(resourceId(object)), { rendered, object }];
      }),
    ),
  );
}

function changeOf(
  text: string,
  { rendered, object }: Manifest,
  before: Manifest | undefined,
): readonly PlannedChange[] {
  const { file, line } = rendered;
  const about = { object: text, secret: object.kind === "Secret", file, line };
  const nothing = { fields: [], takesBack: [], unproven: null, refused: null, restart: null };
  if (before === undefined) return [{ ...about, ...nothing, action: "create" }];
  if (canonicalJson(before.object) === canonicalJson(object)) return [];
  const fields = manifestChanges(resourceId(object), before.object, object);
  return [{ ...about, ...nothing, action: "change", fields, restart: restartOf(object, undefined, fields) }];
}
