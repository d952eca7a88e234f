/** What each verb does to a resource; everything but watches. */

import type { ResourceRequest } from "./api-request.ts";
import { applyPatch } from "./apply-patch.ts";
import { deleteObject, finishDeletion } from "./delete-object.ts";
import { type Stored, isTree, textAt, treeAt } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { listObjects } from "./read-objects.ts";
import { Refusal, alreadyExists, badRequest, methodNotAllowed, notFound } from "./refusal.ts";
import { scaleOf, writeScale } from "./scale-object.ts";
import { type Written, applyObject, writeObject } from "./write-object.ts";

export interface ResourceAnswer {
  readonly code: number;
  readonly body: unknown;
}

const applyType = "application/apply-patch+yaml";

export function serveResource(store: ObjectStore, request: ResourceRequest): ResourceAnswer | Refusal {
  if (request.name === undefined) return serveCollection(store, request);
  const object = store.get(request.kind, request.namespace, request.name);
  const applies = request.method === "PATCH" && request.contentType === applyType;
  if (applies && request.subresource !== "scale") return apply(store, request, object ?? null);
  if (object === undefined) return notFound(request.kind, request.name);
  if (request.subresource === "scale") return serveScale(store, request, object);
  const body = request.body;
  switch (request.method) {
    case "GET":
      return { code: 200, body: { ...object, apiVersion: request.apiVersion } };
    case "PUT":
      return isTree(body) ? answer(store, request, writeObject(store, request, object, body)) : notAnObject();
    case "PATCH":
      return patch(store, request, object);
    case "DELETE":
      return remove(store, request, object);
    default:
      return methodNotAllowed();
  }
}

function serveCollection(store: ObjectStore, request: ResourceRequest): ResourceAnswer | Refusal {
  if (request.method === "GET") {
    const list = listObjects(store, request);
    return list instanceof Refusal ? list : { code: 200, body: list };
  }
  if (request.method === "DELETE") return removeAll(store, request);
  if (request.method !== "POST") return methodNotAllowed();
  const body = withName(request.body);
  if (!isTree(body)) return notAnObject();
  const name = textAt(treeAt(body, "metadata"), "name") ?? "";
  // A namespaced object is created in a namespace, never in all of them.
  if (request.kind.namespaced && request.namespace === undefined) return methodNotAllowed();
  if (store.get(request.kind, request.namespace, name) !== undefined)
    return alreadyExists(request.kind, name);
  return answer(store, request, writeObject(store, request, null, body));
}

function withName(body: unknown): unknown {
  if (!isTree(body) || !isTree(body.metadata)) return body;
  const { generateName, name } = body.metadata;
  if (name !== undefined || typeof generateName !== "string") return body;
  const suffix = Math.random().toString(36).slice(2, 7).padEnd(5, "x");
  return { ...body, metadata: { ...body.metadata, name: generateName + suffix } };
}

function apply(
  store: ObjectStore,
  request: ResourceRequest,
  object: Stored | null,
): ResourceAnswer | Refusal {
  const { body, subresource } = request;
  if (object === null && subresource !== undefined) return notFound(request.kind, request.name ?? "");
  return isTree(body) ? answer(store, request, applyObject(store, request, object, body)) : notAnObject();
}

function patch(store: ObjectStore, request: ResourceRequest, object: Stored): ResourceAnswer | Refusal {
  const patched = applyPatch(object, request.body, request.contentType);
  if (patched instanceof Refusal) return patched;
  return answer(store, request, writeObject(store, request, object, patched));
}

function answer(
  store: ObjectStore,
  request: ResourceRequest,
  written: Written | Refusal,
): ResourceAnswer | Refusal {
  if (written instanceof Refusal) return written;
  const { object, created } = written;
  if (request.query.get("dryRun") !== "All") finishDeletion(store, request.kind, object);
  return { code: created ? 201 : 200, body: { ...object, apiVersion: request.apiVersion } };
}

function serveScale(store: ObjectStore, request: ResourceRequest, object: Stored): ResourceAnswer | Refusal {
  if (request.method === "GET") return { code: 200, body: scaleOf(object) };
  const scale = writeScale(store, request, object);
  return scale instanceof Refusal ? scale : { code: 200, body: scale };
}

function remove(store: ObjectStore, request: ResourceRequest, object: Stored): ResourceAnswer | Refusal {
  const removed = deleteObject(store, request, object);
  if (removed instanceof Refusal) return removed;
  if (removed.metadata.deletionTimestamp !== undefined) return { code: 200, body: removed };
  const { name, uid } = object.metadata;
  const { group, plural } = request.kind;
  const details = { name, ...(group === "" ? {} : { group }), kind: plural, uid };
  return { code: 200, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
}

function removeAll(store: ObjectStore, request: ResourceRequest): ResourceAnswer | Refusal {
  const list = listObjects(store, request);
  if (list instanceof Refusal) return list;
  for (const { metadata } of list.items as Stored[]) {
    const object = store.get(request.kind, metadata.namespace, metadata.name);
    const removed = object && deleteObject(store, request, object);
    if (removed instanceof Refusal) return removed;
  }
  return { code: 200, body: list };
}

function notAnObject(): Refusal {
  return badRequest("the body is not a JSON object");
}
