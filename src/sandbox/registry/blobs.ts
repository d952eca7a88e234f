/** `/v2/<name>/blobs/…`: reading blobs and uploading them, whole or in chunks. */

import { randomUUID } from "node:crypto";
import { type RegistryRequest, type Reply, refusal, reply } from "./exchange.ts";
import { type Storage, digestOf, putBlob } from "./storage.ts";

/** Bytes of the uploads that have begun, by `<repository> <id>`. */
export type Uploads = Map<string, Buffer>;

export function readBlob(storage: Storage, name: string, digest: string, request: RegistryRequest): Reply {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refusal("UNSUPPORTED", "blobs take GET and HEAD");
  }
  const blob = storage.get(name)?.blobs.get(digest);
  if (blob === undefined) return refusal("BLOB_UNKNOWN", `blob ${digest} is not known`);
  const headers = {
    "content-type": "application/octet-stream",
    "content-length": String(blob.length),
    "docker-content-digest": digest,
  };
  return reply(200, headers, blob);
}

/** POST: begins an upload, or ends it at once with `digest` (monolithic) or `mount` (from another repository). */
export function beginUpload(
  storage: Storage,
  uploads: Uploads,
  name: string,
  request: RegistryRequest,
): Reply {
  if (request.method !== "POST") return refusal("UNSUPPORTED", "an upload begins with POST");
  const { searchParams } = request.url;
  const mount = searchParams.get("mount");
  const mounted = mount === null ? undefined : storage.get(searchParams.get("from") ?? "")?.blobs.get(mount);
  if (mounted !== undefined) return stored(storage, name, mounted);
  const digest = searchParams.get("digest");
  if (digest !== null) return complete(storage, name, request.body, digest);
  const id = randomUUID();
  uploads.set(`${name} ${id}`, Buffer.alloc(0));
  return progress(name, id, 0, 202);
}

/** PATCH adds a chunk, PUT the last one, GET tells how far the upload is, DELETE gives it up. */
export function continueUpload(
  storage: Storage,
  uploads: Uploads,
  { name, id }: { readonly name: string; readonly id: string },
  request: RegistryRequest,
): Reply {
  const key = `${name} ${id}`;
  const held = uploads.get(key);
  if (held === undefined) return refusal("BLOB_UPLOAD_UNKNOWN", `upload ${id} is not known`);
  if (request.method === "GET") return progress(name, id, held.length, 204);
  if (request.method === "DELETE") {
    uploads.delete(key);
    return reply(204);
  }
  const start = /^(\d+)-\d+$/.exec(request.headers["content-range"] ?? "")?.[1];
  if (start !== undefined && Number(start) !== held.length) {
    return refusal("BLOB_UPLOAD_INVALID", `the next chunk begins at ${held.length}`);
  }
  const bytes = Buffer.concat([held, request.body]);
  if (request.method === "PATCH") {
    uploads.set(key, bytes);
    return progress(name, id, bytes.length, 202);
  }
  if (request.method !== "PUT") return refusal("UNSUPPORTED", "uploads take GET, PATCH, PUT and DELETE");
  uploads.delete(key);
  return complete(storage, name, bytes, request.url.searchParams.get("digest") ?? "");
}

function progress(name: string, id: string, length: number, status: number): Reply {
  return reply(status, {
    location: `/v2/${name}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, length - 1)}`,
    "docker-upload-uuid": id,
  });
}

function complete(storage: Storage, name: string, bytes: Buffer, digest: string): Reply {
  if (digestOf(bytes) !== digest)
    return refusal("DIGEST_INVALID", `the content's digest is ${digestOf(bytes)}`);
  return stored(storage, name, bytes);
}

function stored(storage: Storage, name: string, bytes: Buffer): Reply {
  const digest = putBlob(storage, name, bytes);
  return reply(201, { location: `/v2/${name}/blobs/${digest}`, "docker-content-digest": digest });
}
