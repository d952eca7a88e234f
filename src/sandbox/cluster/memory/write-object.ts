/** Every write goes through here: identity, defaults, validation, ownership, generation, dry run, storage. */

import type { ResourceRequest } from "./api-request.ts";
import { type Stored, type Tree, canonical, isTree, treeAt, decoded } from "./json-tree.ts";
import { type Writer, applyFields, updateFields } from "./managed-fields.ts";
import { type ObjectStore, sameContent } from "./object-store.ts";
import { Refusal, badRequest, invalid, moved, notFound } from "./refusal.ts";
import { servedKind } from "./served-kinds.ts";
import { now, settle } from "./settle-object.ts";
import { checkTypes, validateObject } from "./validate-object.ts";

export interface Written {
  readonly created: boolean;
  readonly object: Stored;
}

/** `body` as the new object: a create when `before` is null, else an update. */
export function writeObject(
  store: ObjectStore,
  request: ResourceRequest,
  before: Stored | null,
  body: Tree,
): Written | Refusal {
  const wrong = checkTypes(body) ?? checkVersion(request, before, body);
  if (wrong !== null) return wrong;
  const next = settle(request, before, body);
  if (next instanceof Refusal) return next;
  // A client may hand over ownership by sending other entries than it read.
  const sent = next.metadata.managedFields;
  const basis = before !== null && sent?.length ? withEntries(before, sent) : before;
  next.metadata.managedFields = updateFields(basis, next, writerOf(request));
  return keep(store, request, before, next);
}

/** Server-side apply. */
export function applyObject(
  store: ObjectStore,
  request: ResourceRequest,
  before: Stored | null,
  body: Tree,
): Written | Refusal {
  const wrong = checkApply(request, before, body) ?? checkVersion(request, before, body);
  if (wrong !== null) return wrong;
  const wanted = decoded(body);
  if (request.subresource === undefined && request.kind.status) delete wanted.status;
  const force = request.query.get("force") === "true";
  const applied = applyFields(before, wanted, { writer: writerOf(request), force });
  if (applied instanceof Refusal) return applied;
  const next = settle(request, before, applied.merged);
  if (next instanceof Refusal) return next;
  next.metadata.managedFields = applied.managedFields;
  return keep(store, request, before, next);
}

function checkApply(request: ResourceRequest, before: Stored | null, body: Tree): Refusal | null {
  const metadata = treeAt(body, "metadata");
  if (!request.query.get("fieldManager")) {
    const message =
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
    return new Refusal(422, "Invalid", message);
  }
  if (metadata.managedFields !== undefined) return badRequest("metadata.managedFields must be nil");
  if (before === null && typeof metadata.uid === "string") {
    return moved(
      request.kind,
      request.name ?? "",
      "uid mismatch: the provided object specified uid " +
        metadata.uid +
        ", and no existing object was found",
    );
  }
  return checkTypes(body);
}

function checkVersion(request: ResourceRequest, before: Stored | null, body: Tree): Refusal | null {
  const { resourceVersion, uid } = treeAt(body, "metadata");
  const name = request.name ?? "";
  if (before === null) return null;
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) {
    return moved(
      request.kind,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  }
  if (!uid || uid === before.metadata.uid) return null;
  const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
  return invalid(request.kind, name, [{ reason: "FieldValueInvalid", field: "metadata.uid", message }]);
}

function keep(
  store: ObjectStore,
  request: ResourceRequest,
  before: Stored | null,
  next: Stored,
): Written | Refusal {
  const wrong = validateObject(request.kind, before, next) ?? checkNamespace(store, request, before);
  if (wrong !== null) return wrong;
  if (request.kind.generation) {
    const bumped = before !== null && canonical(counted(before)) !== canonical(counted(next));
    next.metadata.generation = (before?.metadata.generation ?? (before === null ? 1 : 0)) + (bumped ? 1 : 0);
  }
  if (before !== null && sameContent(before, next)) return { created: false, object: before };
  const dryRun = request.query.get("dryRun") === "All";
  return { created: before === null, object: dryRun ? next : store.put(request.kind, next) };
}

function checkNamespace(store: ObjectStore, request: ResourceRequest, before: Stored | null): Refusal | null {
  const { kind, namespace } = request;
  if (before !== null || namespace === undefined) return null;
  const place = store.get(servedKind("Namespace"), undefined, namespace);
  if (place === undefined) return notFound(servedKind("Namespace"), namespace);
  if (place.metadata.deletionTimestamp === undefined) return null;
  const message = `${kind.plural} "${request.name ?? ""}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
  const causes = [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ];
  return new Refusal(403, "Forbidden", message, { name: request.name, kind: kind.plural, causes });
}

/** Everything that counts as a new generation. */
function counted(object: Stored): Tree {
  const { metadata, status: _, apiVersion: __, ...rest } = object;
  // Of a Deployment alone the annotations count, because its controller copies them to its ReplicaSets.
  return object.kind === "Deployment" ? { ...rest, annotations: metadata.annotations ?? {} } : rest;
}

function withEntries(object: Stored, managedFields: Stored["metadata"]["managedFields"]): Stored {
  // `[{}]` asks for no owners at all.
  const entries = managedFields?.filter((entry) => isTree(entry.fieldsV1));
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}

function writerOf(request: ResourceRequest): Writer {
  const { manager, apiVersion, subresource } = request;
  return { manager, apiVersion, time: now(), ...(subresource === undefined ? {} : { subresource }) };
}
