/** `/v2/<name>/manifests/<reference>`: GET, HEAD, PUT and DELETE by tag or digest. */

import { type RegistryRequest, type Reply, refusal, reply } from "./exchange.ts";
import { type Storage, digestOf, findManifest, openRepository, putManifest } from "./storage.ts";

/** Largest manifest, as the specification allows a registry to have one. */
const maximumBytes = 4 * 1024 * 1024;
const digestPattern = /^sha256:[a-f0-9]{64}$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** The parts of a manifest or index that name other content. */
interface ManifestBody {
  readonly mediaType?: string;
  readonly config?: { readonly digest?: string };
  readonly layers?: readonly { readonly digest?: string }[];
  readonly manifests?: readonly { readonly digest?: string }[];
}

/** Called with a tag's name and digest after each push of one. */
export type TagPushed = (repository: string, tag: string, digest: string) => void;

/** Where a request points: which repository, and which tag or digest. */
export interface ManifestPlace {
  readonly name: string;
  readonly reference: string;
}

export function handleManifest(
  storage: Storage,
  place: ManifestPlace,
  request: RegistryRequest,
  pushed: TagPushed,
): Reply {
  switch (request.method) {
    case "GET":
    case "HEAD":
      return readManifest(storage, place, request);
    case "PUT":
      return writeManifest(storage, place, request, pushed);
    case "DELETE":
      return deleteManifest(storage, place);
    default:
      return refusal("UNSUPPORTED", "manifests take GET, HEAD, PUT and DELETE");
  }
}

function readManifest(storage: Storage, { name, reference }: ManifestPlace, request: RegistryRequest): Reply {
  if (!storage.has(name)) return refusal("NAME_UNKNOWN", `repository ${name} is not known`);
  const found = findManifest(storage, name, reference);
  if (found === undefined) return refusal("MANIFEST_UNKNOWN", `manifest ${reference} is not known`);
  if (!accepts(request.headers.accept, found.mediaType)) {
    return refusal("MANIFEST_UNKNOWN", `found a ${found.mediaType}, but the Accept header does not allow it`);
  }
  const headers = {
    "content-type": found.mediaType,
    "content-length": String(found.body.length),
    "docker-content-digest": found.digest,
    etag: `"${found.digest}"`,
  };
  return reply(200, headers, found.body);
}

/** Whether one of the media ranges of an Accept header covers a media type; no header covers all. */
function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined) return true;
  const ranges = header.split(",").map((range) => range.split(";")[0]?.trim().toLowerCase());
  return ranges.some((range) => range === "*/*" || range === "application/*" || range === mediaType);
}

function writeManifest(
  storage: Storage,
  { name, reference }: ManifestPlace,
  request: RegistryRequest,
  pushed: TagPushed,
): Reply {
  if (request.body.length > maximumBytes) return refusal("SIZE_INVALID", "manifest is over 4 MiB");
  const digest = digestOf(request.body);
  const byTag = tagPattern.test(reference);
  if (!byTag && !digestPattern.test(reference)) {
    return refusal("MANIFEST_INVALID", `${reference} is neither tag nor digest`);
  }
  if (!byTag && reference !== digest) return refusal("DIGEST_INVALID", `the body's digest is ${digest}`);
  const mediaType = request.headers["content-type"]?.split(";")[0]?.trim() ?? "";
  const problem = problemOf(storage, name, mediaType, request.body);
  if (problem !== undefined) return problem;
  putManifest(storage, name, { mediaType, body: request.body });
  if (byTag) {
    openRepository(storage, name).tags.set(reference, digest);
    pushed(name, reference, digest);
  }
  return reply(201, { location: `/v2/${name}/manifests/${digest}`, "docker-content-digest": digest });
}

function problemOf(storage: Storage, name: string, mediaType: string, bytes: Buffer): Reply | undefined {
  if (!mediaType.includes("/")) return refusal("MANIFEST_INVALID", "a manifest needs its Content-Type");
  const body = parse(bytes);
  if (body === undefined) return refusal("MANIFEST_INVALID", "the manifest is not a JSON object");
  if (body.mediaType !== undefined && body.mediaType !== mediaType) {
    return refusal("MANIFEST_INVALID", `mediaType ${body.mediaType} is not the Content-Type ${mediaType}`);
  }
  const held = storage.get(name);
  const blobs = [body.config, ...(body.layers ?? [])].flatMap((entry) => entry?.digest ?? []);
  const children = (body.manifests ?? []).flatMap((entry) => entry.digest ?? []);
  const missing = [
    ...blobs.filter((digest) => held?.blobs.has(digest) !== true),
    ...children.filter((digest) => held?.manifests.has(digest) !== true),
  ];
  return missing.length === 0
    ? undefined
    : refusal("MANIFEST_BLOB_UNKNOWN", `push these first: ${missing.join(", ")}`);
}

function parse(bytes: Buffer): ManifestBody | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function deleteManifest(storage: Storage, { name, reference }: ManifestPlace): Reply {
  const held = storage.get(name);
  const found = findManifest(storage, name, reference);
  if (held === undefined || found === undefined) {
    return refusal("MANIFEST_UNKNOWN", `manifest ${reference} is not known`);
  }
  if (held.tags.delete(reference)) return reply(202);
  held.manifests.delete(found.digest);
  for (const [tag, digest] of held.tags) if (digest === found.digest) held.tags.delete(tag);
  return reply(202);
}
