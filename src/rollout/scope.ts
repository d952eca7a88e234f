/** Whether a kind lies in a namespace, where no server is asked. */

import { type KubernetesObject, groupOf } from "../model/resource.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/ */
const clusterScoped = new Set([
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
]);

/** `defined` as `definedKinds` tells it of the same set. A kind that nobody knows counts as one of namespaces. */
export function isClusterScoped(
  { apiVersion, kind }: KubernetesObject,
  defined: ReadonlyMap<string, boolean>,
): boolean {
  const own = defined.get(`${groupOf(apiVersion)}/${kind}`);
  return own === undefined ? clusterScoped.has(kind) : !own;
}
