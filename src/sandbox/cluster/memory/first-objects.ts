/** What is in a cluster before anybody puts something there. */

import { randomUUID } from "node:crypto";
import type { Tree } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { apiVersionOf, servedKind } from "./served-kinds.ts";
import { setDefaults } from "./set-defaults.ts";
import { now } from "./settle-object.ts";

const namespaced = ["", "apps", "batch", "networking.k8s.io", "policy", "autoscaling"];
const reading = ["get", "list", "watch"];
const all = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
const editing = { apiGroups: namespaced, resources: ["*"], verbs: ["*"] };

const clusterRoles: Readonly<Record<string, Tree[]>> = {
  "cluster-admin": [all],
  admin: [
    editing,
    { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: ["*"] },
  ],
  edit: [editing],
  view: [{ apiGroups: namespaced.slice(1), resources: ["*"], verbs: reading }],
};

/** The four namespaces and the roles that bindings usually name. */
export function firstObjects(store: ObjectStore): void {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    const labels = { "kubernetes.io/metadata.name": name };
    put(store, "Namespace", { metadata: { name, labels } });
  }
  for (const [name, rules] of Object.entries(clusterRoles))
    put(store, "ClusterRole", { metadata: { name }, rules });
}

interface FirstObject extends Tree {
  metadata: { name: string; labels?: Record<string, string> };
}

function put(store: ObjectStore, kindName: string, object: FirstObject): void {
  const kind = servedKind(kindName);
  const apiVersion = apiVersionOf(kind.group, kind.versions[0] ?? "v1");
  const metadata = { ...object.metadata, uid: randomUUID(), resourceVersion: "", creationTimestamp: now() };
  store.put(kind, setDefaults({ ...object, apiVersion, kind: kindName, metadata }));
}
