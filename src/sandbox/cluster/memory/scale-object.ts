/** The scale subresource: a view of the replicas of a workload. */

import type { ResourceRequest } from "./api-request.ts";
import { applyPatch } from "./apply-patch.ts";
import { type Stored, type Tree, treeAt } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { Refusal, methodNotAllowed } from "./refusal.ts";
import { writeObject } from "./write-object.ts";

export function scaleOf(object: Stored): Tree {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(treeAt(treeAt(treeAt(object, "spec"), "selector"), "matchLabels"));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: treeAt(object, "spec").replicas },
    status: {
      replicas: treeAt(object, "status").replicas ?? 0,
      selector: labels.map(([key, value]) => `${key}=${String(value)}`).join(","),
    },
  };
}

/** PUT and PATCH of a Scale change the replicas of the workload, under the name of whoever scales. */
export function writeScale(store: ObjectStore, request: ResourceRequest, object: Stored): Tree | Refusal {
  const scale = scaleOf(object);
  const wanted =
    request.method === "PATCH"
      ? applyPatch(scale, request.body, request.contentType)
      : (request.body as Tree);
  if (!["PATCH", "PUT"].includes(request.method)) return methodNotAllowed();
  if (wanted instanceof Refusal) return wanted;
  const spec = { ...treeAt(object, "spec"), replicas: treeAt(wanted, "spec").replicas };
  const { resourceVersion } = treeAt(wanted, "metadata");
  const metadata = { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  const written = writeObject(store, request, object, { ...object, metadata, spec });
  return written instanceof Refusal ? written : scaleOf(written.object);
}
