/** One app with manifests of many kinds, in several files. */

import { stringify } from "yaml";
import { group, manifestKinds, pick } from "./manifest-kinds.ts";

/** What a target has to allow for them. */
export const allowedKinds: readonly string[] = [
  "Namespace",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "PriorityClass",
  "StorageClass",
  "IngressClass",
  "PersistentVolume",
  "ValidatingWebhookConfiguration",
];

/** Files of one app: a file for each kind, in several documents, as JSON or as a List; `variants` objects of each. */
export function manyManifests(
  namespace: string,
  prefix: string,
  variants = 10,
): { files: Record<string, string>; kinds: number; objects: number } {
  const files: Record<string, string> = {
    "own-namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
    "things.yaml": stringify({
      apiVersion: `${group(namespace, 0)}/v1`,
      kind: "Thing",
      metadata: { name: "first" },
      spec: { size: 1, list: [], map: {} },
    }),
  };
  for (const [row, [apiVersion, kind, where, body]] of manifestKinds.entries()) {
    const documents = Array.from({ length: variants }, (_, i) => {
      const own =
        kind === "CustomResourceDefinition" ? `things.${group(namespace, i)}` : `${kind.toLowerCase()}-${i}`;
      const name = where === "cluster" && kind !== "CustomResourceDefinition" ? `${prefix}-${own}` : own;
      const labels = pick<object>(
        i,
        {},
        { labels: { "app.kubernetes.io/name": "x", version: i } },
        { annotations: { note: "a: b" } },
      );
      const place = where === "quiet" ? { namespace: `${prefix}-namespace-0` } : {};
      return {
        apiVersion,
        kind,
        metadata: { name, ...place, creationTimestamp: null, ...labels },
        ...body(i, own, namespace),
      };
    });
    files[`${kind.toLowerCase()}.${pick(row, "yaml", "yml", "json")}`] = pick(
      row,
      () => documents.map((each) => `# ${kind}\n${stringify(each)}`).join("---\n"),
      () => stringify({ apiVersion: "v1", kind: "List", items: documents }),
      () => JSON.stringify({ apiVersion: "v1", kind: "List", items: documents }, null, 2),
    )();
  }
  return { files, kinds: manifestKinds.length + 1, objects: manifestKinds.length * variants + 2 };
}
