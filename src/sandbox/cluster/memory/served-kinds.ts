/** The kinds that the in-memory API serves, and what each can do. */

export interface ServedKind {
  /** Empty for the core group. */
  readonly group: string;
  /** The preferred one first; an object has the same shape in all of them. */
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly short: readonly string[];
  readonly namespaced: boolean;
  /** Has a status of its own, written through the subresource only. */
  readonly status: boolean;
  readonly scale: boolean;
  /** Counts changes of everything but metadata and status. */
  readonly generation: boolean;
}

type Trait = "status" | "scale" | "generation" | "cluster";

function kind(name: string, plural: string, traits: readonly Trait[] = [], short: readonly string[] = []) {
  const has = (trait: Trait) => traits.includes(trait);
  return {
    kind: name,
    plural,
    short,
    namespaced: !has("cluster"),
    status: has("status"),
    scale: has("scale"),
    generation: has("generation"),
  };
}

type Entry = ReturnType<typeof kind>;

const workload = ["status", "generation"] as const;
const scalable = ["status", "generation", "scale"] as const;

const groups: readonly (readonly [group: string, versions: readonly string[], kinds: readonly Entry[]])[] = [
  [
    "",
    ["v1"],
    [
      kind("Namespace", "namespaces", ["cluster", "status"], ["ns"]),
      kind("ConfigMap", "configmaps", [], ["cm"]),
      kind("Secret", "secrets"),
      kind("Service", "services", ["status"], ["svc"]),
      kind("ServiceAccount", "serviceaccounts", [], ["sa"]),
      kind("Pod", "pods", ["status"], ["po"]),
      kind("PersistentVolumeClaim", "persistentvolumeclaims", ["status"], ["pvc"]),
      kind("ResourceQuota", "resourcequotas", ["status"], ["quota"]),
      kind("LimitRange", "limitranges", [], ["limits"]),
      kind("Event", "events", [], ["ev"]),
    ],
  ],
  [
    "apps",
    ["v1"],
    [
      kind("Deployment", "deployments", scalable, ["deploy"]),
      kind("StatefulSet", "statefulsets", scalable, ["sts"]),
      kind("DaemonSet", "daemonsets", workload, ["ds"]),
      kind("ReplicaSet", "replicasets", scalable, ["rs"]),
    ],
  ],
  [
    "batch",
    ["v1", "v1beta1"],
    [kind("Job", "jobs", workload), kind("CronJob", "cronjobs", workload, ["cj"])],
  ],
  [
    "networking.k8s.io",
    ["v1"],
    [
      kind("Ingress", "ingresses", workload, ["ing"]),
      kind("IngressClass", "ingressclasses", ["cluster", "generation"]),
      kind("NetworkPolicy", "networkpolicies", ["generation"], ["netpol"]),
    ],
  ],
  ["policy", ["v1"], [kind("PodDisruptionBudget", "poddisruptionbudgets", workload, ["pdb"])]],
  ["autoscaling", ["v2"], [kind("HorizontalPodAutoscaler", "horizontalpodautoscalers", ["status"], ["hpa"])]],
  [
    "rbac.authorization.k8s.io",
    ["v1"],
    [
      kind("Role", "roles"),
      kind("RoleBinding", "rolebindings"),
      kind("ClusterRole", "clusterroles", ["cluster"]),
      kind("ClusterRoleBinding", "clusterrolebindings", ["cluster"]),
    ],
  ],
  ["scheduling.k8s.io", ["v1"], [kind("PriorityClass", "priorityclasses", ["cluster"], ["pc"])]],
];

export const servedKinds: readonly ServedKind[] = groups.flatMap(([group, versions, kinds]) =>
  kinds.map((entry) => ({ group, versions, ...entry })),
);

/** `v1`, `apps/v1`. */
export function apiVersionOf(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Of a kind by its name: the kind must be one of the table. */
export function servedKind(name: string): ServedKind {
  const found = servedKinds.find((entry) => entry.kind === name);
  if (found === undefined) throw new Error(`the sandbox serves no ${name}`);
  return found;
}

/** `deployments.apps`, `pods`: how the API server names a resource in its messages. */
export function resourceName(kind: ServedKind): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** `Deployment.apps`, `Pod`. */
export function kindName(kind: ServedKind): string {
  return kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
}
