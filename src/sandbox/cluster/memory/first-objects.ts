/** What is in a cluster before anybody puts something there. */

import { randomUUID } from "node:crypto";
import type { Stored, Tree } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { apiVersionOf, servedKind } from "./served-kinds.ts";
import { setDefaults } from "./set-defaults.ts";
import { now } from "./write-object.ts";

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
    put(store, "Namespace", name, { labels: { "kubernetes.io/metadata.name": name } }, {});
  }
  for (const [name, rules] of Object.entries(clusterRoles)) put(store, "ClusterRole", name, {}, { rules });
}

function put(store: ObjectStore, kindName: string, name: string, metadata: Tree, rest: Tree): void {
  const kind = servedKind(kindName);
  const whole = { ...metadata, name, uid: randomUUID(), resourceVersion: "", creationTimestamp: now() };
  const apiVersion = apiVersionOf(kind.group, kind.versions[0] ?? "v1");
  store.put(kind, setDefaults({ apiVersion, kind: kindName, metadata: whole, ...rest } as Stored));
}
