/** From what a client sent to what would be stored: identity, the two doors of spec and status, defaults. */

import { randomUUID } from "node:crypto";
import type { ResourceRequest } from "./api-request.ts";
import { type Meta, type Stored, type Tree, textAt, treeAt, decoded } from "./json-tree.ts";
import { type Refusal, badRequest, invalid } from "./refusal.ts";
import { setDefaults } from "./set-defaults.ts";

/** Identity stays, what the server keeps itself is not taken from the client, status and the rest have doors of their own. */
export function settle(request: ResourceRequest, before: Stored | null, body: Tree): Stored | Refusal {
  const { kind, namespace, apiVersion } = request;
  const sent = treeAt(body, "metadata");
  const name = request.name ?? textAt(sent, "name");
  if (!name) {
    const message = "Required value: name or generateName is required";
    return invalid(kind, "", [{ reason: "FieldValueRequired", field: "metadata.name", message }]);
  }
  if ((sent.name ?? name) !== name || (sent.namespace ?? namespace) !== namespace) {
    return badRequest("the name or namespace of the object does not match the URL");
  }
  const metadata: Meta = { ...decoded(sent), ...identity(before), name };
  if (namespace !== undefined) metadata.namespace = namespace;
  const object = { ...decoded(body), metadata, apiVersion, kind: kind.kind };
  return setDefaults(throughDoor(request, before, object));
}

function identity(before: Stored | null) {
  if (before === null) return { uid: randomUUID(), resourceVersion: "", creationTimestamp: now() };
  const { uid, resourceVersion, creationTimestamp, deletionTimestamp, generation } = before.metadata;
  return {
    uid,
    resourceVersion,
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(generation === undefined ? {} : { generation }),
  };
}

/** The main resource cannot write the status, the status subresource nothing but it. */
function throughDoor(request: ResourceRequest, before: Stored | null, object: Stored): Stored {
  if (request.subresource === "status" && before !== null) {
    return { ...before, metadata: { ...before.metadata }, status: object.status };
  }
  if (!request.kind.status) return object;
  const { status: _status, ...rest } = object;
  return before?.status === undefined ? asStored(rest) : { ...asStored(rest), status: before.status };
}

function asStored(object: Omit<Stored, "status">): Stored {
  return object as Stored;
}

/** RFC 3339 in whole seconds, as the API writes times. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
