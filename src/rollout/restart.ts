/** Which workloads get new pods by a change. */

import type { KubernetesObject } from "../model/resource.ts";
import { isRecord, numberAt, textAt, valueAt } from "./json-path.ts";
import type { FieldChange, Restart } from "./merge-plan.ts";

/** Kinds whose controllers replace running pods when the template changes. */
const replacing = new Set(["Deployment", "StatefulSet", "DaemonSet", "Rollout"]);

/**
 * Null where no pod is replaced. `after` is the object as it would be; of `live`, or of what stands for it, the status tells
 * how many pods a DaemonSet has.
 */
export function restartOf(
  after: KubernetesObject,
  live: KubernetesObject | undefined,
  fields: readonly FieldChange[],
): Restart | null {
  if (!replacing.has(after.kind) || !isRecord(valueAt(after, "spec", "template"))) return null;
  if (!fields.some(({ path }) => path === "spec.template" || path.startsWith("spec.template."))) return null;
  const strategy = textAt(after, "spec", "updateStrategy", "type");
  if (strategy === "OnDelete" || valueAt(after, "spec", "paused") === true) return null;
  const replicas =
    after.kind === "DaemonSet"
      ? numberAt(live, "status", "desiredNumberScheduled")
      : (numberAt(after, "spec", "replicas") ?? 1);
  return replicas === 0 ? null : { name: after.metadata.name, replicas: replicas ?? null };
}
