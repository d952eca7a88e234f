/** Compares manifests with a cluster, object by object, by asking the server what an apply would give. */

import { inFlight } from "../flows/in-flight.ts";
import type { App } from "../model/app.ts";
import { type Failure, type Result, ok } from "../model/failure.ts";
import { type KubernetesObject, addressOf, resourceId, resourceText } from "../model/resource.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { RenderedObject } from "../ports/renderer.ts";
import { appLabel, fieldManager } from "../rollout/app-hash.ts";
import { type FieldDrift, explainChange } from "../rollout/drift.ts";
import { normalise } from "../rollout/normalise.ts";

/** `unknown`: the server could not be asked or would refuse; `reason` says why. */
export interface ObjectDiff {
  readonly object: string;
  readonly file: string;
  readonly line: number;
  readonly change: "created" | "changed" | "unchanged" | "unknown";
  readonly fields: readonly FieldDrift[];
  readonly reason: string | null;
}

const concurrency = 4;

/** Changes nothing: one read and one dry run for each object that exists. */
export function diffObjects(
  cluster: Cluster,
  app: Pick<App, "namespace">,
  objects: readonly RenderedObject[],
): Promise<readonly ObjectDiff[]> {
  return inFlight(concurrency, objects, (rendered) => diffOne(cluster, app, rendered));
}

async function diffOne(
  cluster: Cluster,
  app: Pick<App, "namespace">,
  rendered: RenderedObject,
): Promise<ObjectDiff> {
  const { file, line, object } = rendered;
  const kind = await cluster.kind(object.apiVersion, object.kind);
  const placement = { appHash: "", namespaced: kind.ok && kind.value.namespaced, namespace: app.namespace };
  const placed = normalise(object, placement);
  const about = { object: resourceText(resourceId(placed)), file, line, fields: [], reason: null };
  const unknown = ({ message }: Failure): ObjectDiff => ({ ...about, change: "unknown", reason: message });
  if (!kind.ok) return unknown(kind.failure);
  const live = await cluster.get(addressOf(placed));
  if (!live.ok)
    return live.failure.code === "not-found" ? { ...about, change: "created" } : unknown(live.failure);
  const fields = await fieldsOf(cluster, placed, live.value);
  if (!fields.ok) return unknown(fields.failure);
  return { ...about, change: fields.value.length > 0 ? "changed" : "unchanged", fields: fields.value };
}

async function fieldsOf(
  cluster: Cluster,
  placed: KubernetesObject,
  live: KubernetesObject,
): Promise<Result<readonly FieldDrift[]>> {
  const wanted = labelledAs(placed, live);
  const predicted = await cluster.apply(wanted, {
    manager: fieldManager,
    force: true,
    dryRun: true,
    as: "self",
  });
  if (!predicted.ok) return predicted;
  return ok(explainChange(resourceId(placed), predicted.value.object, live));
}

/** Which app an object belongs to is not in the manifests, hence no difference. */
function labelledAs(placed: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const { [appLabel]: _, ...labels } = placed.metadata.labels ?? {};
  const app = live.metadata.labels?.[appLabel];
  return {
    ...placed,
    metadata: {
      ...placed.metadata,
      labels: { ...labels, ...(app === undefined ? {} : { [appLabel]: app }) },
    },
  };
}
