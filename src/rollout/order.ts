/** In which order the objects of one app are applied: what others stand on comes first. */

import { type KubernetesObject, groupOf } from "../model/resource.ts";

/** Stage 0 must be served before anything else can be; within a stage nothing depends on anything. */
const stages: readonly ReadonlySet<string>[] = [
  new Set(["Namespace", "CustomResourceDefinition", "ClusterRole"]),
  new Set(["ResourceQuota", "LimitRange"]),
  new Set([
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Service",
    "NetworkPolicy",
  ]),
];
const classes = 1;
const workloads = 3;
const customResources = 4;
const interceptors = 5;
const intercepting = new Set([
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "APIService",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
]);

/** 0 to 5. Webhooks and aggregated APIs are last, because they act on every request that follows. */
export function stageOf(object: Pick<KubernetesObject, "apiVersion" | "kind">): number {
  if (intercepting.has(object.kind)) return interceptors;
  if (object.kind.endsWith("Class")) return classes;
  const group = groupOf(object.apiVersion);
  if (group.includes(".") && !group.endsWith(".k8s.io")) return customResources;
  const stage = stages.findIndex((kinds) => kinds.has(object.kind));
  return stage < 0 ? workloads : stage;
}

/** Groups by turn, the first turn first, keeping the given order within each. */
export function byTurn<T extends { readonly turn: number }>(items: readonly T[]): readonly (readonly T[])[] {
  const turns = [...new Set(items.map(({ turn }) => turn))].sort((a, b) => a - b);
  return turns.map((turn) => items.filter((item) => item.turn === turn));
}

/** Groups by stage, first stage first, keeping the given order within each; empty stages are left out. */
export function byStage<T>(
  items: readonly T[],
  object: (item: T) => Pick<KubernetesObject, "apiVersion" | "kind">,
): readonly T[][] {
  const grouped: T[][] = [];
  for (const item of items) (grouped[stageOf(object(item))] ??= []).push(item);
  return grouped.filter((group) => group !== undefined);
}
