/** Fields that others are meant to write although Git names them: never drift. */

import type { KubernetesObject } from "../model/resource.ts";
import { isRecord, recordsAt, textAt, valueAt } from "./json-path.ts";

/** One line per rule: what to look for among the app's objects, and the paths that this makes others' business. */
type Rule = (object: KubernetesObject, all: readonly KubernetesObject[]) => readonly string[];

const rules: readonly Rule[] = [scaledReplicas, injectedBundles, ownedByController, reloadAnnotation];

/** Paths as `ownedLeaves` writes them; sorted, so that they can be part of a hash. */
export function ignoredFields(object: KubernetesObject, all: readonly KubernetesObject[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => rule(object, all)))].sort();
}

const scalers = new Set(["HorizontalPodAutoscaler", "ScaledObject"]);

/** An autoscaler of the same app and namespace owns the number of replicas of its target. */
function scaledReplicas(object: KubernetesObject, all: readonly KubernetesObject[]): readonly string[] {
  const scaled = all.some((each) => scalers.has(each.kind) && isScaledBy(object, each));
  return scaled ? ["spec.replicas"] : [];
}

function isScaledBy({ kind, metadata }: KubernetesObject, scaler: KubernetesObject): boolean {
  const target = valueAt(scaler, "spec", "scaleTargetRef");
  return (
    scaler.metadata.namespace === metadata.namespace &&
    textAt(target, "name") === metadata.name &&
    (textAt(target, "kind") ?? "Deployment") === kind
  );
}

/** Certificate controllers write the bundle into webhooks, aggregated APIs and conversions. */
function injectedBundles(object: KubernetesObject): readonly string[] {
  if (object.kind === "APIService") return ["spec.caBundle"];
  if (object.kind === "CustomResourceDefinition") {
    return ["spec.conversion.webhook.clientConfig.caBundle", "spec.conversion.webhookClientConfig.caBundle"];
  }
  return recordsAt(object, "webhooks").map(
    (hook) => `webhooks[name=${String(hook["name"])}].clientConfig.caBundle`,
  );
}

/** The rules of an aggregated ClusterRole are written by a controller; a bound claim gets its volume's name. */
function ownedByController(object: KubernetesObject): readonly string[] {
  if (object.kind === "ClusterRole" && isRecord(object["aggregationRule"])) return ["rules"];
  return object.kind === "PersistentVolumeClaim" ? ["spec.volumeName"] : [];
}

function reloadAnnotation(): readonly string[] {
  return ['spec.template.metadata.annotations["lockkeeper.dev/config-hash"]'];
}
