/** Objects that stand beside those of an app in its namespaces, and that nobody's Git names. */

import type { KubernetesObject } from "../model/resource.ts";
import type { ObjectDrift } from "./drift.ts";
import type { Entry } from "./inventory.ts";

/** What people make by hand; other kinds are looked for where the app has some. */
const everyday: readonly (readonly [apiVersion: string, kind: string])[] = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["networking.k8s.io/v1", "Ingress"],
];

/** Never read where nobody has asked for that, as that takes rights on Secrets. */
const unread = new Set(["Secret"]);

export interface ExtraScope {
  readonly namespaces: readonly string[];
  readonly kinds: readonly (readonly [apiVersion: string, kind: string])[];
}

/** Where to look: the namespaces in which the app has objects, and the kinds of these beside the everyday ones. */
export function extraScope(entries: readonly Entry[]): ExtraScope {
  const inside = entries.filter(({ id }) => id.namespace !== undefined);
  const namespaces = [...new Set(inside.flatMap(({ id }) => id.namespace ?? []))].toSorted();
  const own = inside.map(({ apiVersion, id }) => [apiVersion, id.kind] as const);
  const kinds = new Map([...everyday, ...own].map((kind) => [kind.join(" "), kind]));
  return { namespaces, kinds: [...kinds.values()].filter(([, kind]) => !unread.has(kind)) };
}

/** Whether somebody has made it by hand or by another tool: not what the cluster itself, a controller or Helm keeps there. */
export function isExtra({ kind, metadata }: KubernetesObject): boolean {
  const owners = metadata["ownerReferences"];
  if (Array.isArray(owners) && owners.length > 0) return false;
  if (kind === "ServiceAccount") return metadata.name !== "default";
  return kind !== "ConfigMap" || !/^(?:kube-root-ca|openshift-service-ca)\.crt$/.test(metadata.name);
}

export function extraDrift({ apiVersion, kind, metadata }: KubernetesObject): ObjectDrift {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const { namespace, name } = metadata;
  return { id: { group, kind, namespace, name }, file: "(no manifest)", line: 1, class: "extra", fields: [] };
}
