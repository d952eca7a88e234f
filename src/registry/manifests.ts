/** Fetches what a tag or digest points at, and believes it only where its digest is right. */

import { createHash } from "node:crypto";
import { type Result, fail, ok } from "../model/failure.ts";
import { type ImageReference, imageKey, isDigest, isTag } from "../model/image.ts";
import type { ImageManifest } from "../ports/registry.ts";
import type { Conversation } from "./conversation.ts";
import { parseJson } from "./json.ts";
import { refused } from "./status.ts";
import type { Answer } from "./transport.ts";

const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const imageTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const accept = [...indexTypes, ...imageTypes].join(", ");
const maximumBytes = 4 * 1024 * 1024;

/** By HEAD, which rate limits do not count; by GET where HEAD says no digest. */
export async function resolveManifest(
  conversation: Conversation,
  image: ImageReference,
  reference: string,
  signal: AbortSignal,
): Promise<Result<ImageManifest>> {
  if (!isReference(reference)) return noReference(image);
  const path = `manifests/${reference}`;
  const head = await conversation.send(image, { method: "HEAD", path, accept, limit: 0, signal });
  if (!head.ok) return head;
  const { headers, status } = head.value;
  const digest = headers.get("docker-content-digest");
  const mediaType = mediaTypeOf(head.value);
  if (status === 200 && digest !== null && isDigest(digest) && isManifest(mediaType)) {
    return differs(digest, reference) ? lie(image, reference) : ok({ digest, mediaType });
  }
  if (status === 401 || status === 403 || status === 404) return refused(head.value, named(image, reference));
  const got = await getManifest(conversation, image, reference, signal);
  return got.ok ? ok({ digest: got.value.digest, mediaType: got.value.mediaType }) : got;
}

/** The manifest with its content, by GET; only one that has the digest that the registry says. */
export async function getManifest(
  conversation: Conversation,
  image: ImageReference,
  reference: string,
  signal: AbortSignal,
): Promise<Result<ImageManifest & { readonly content: unknown }>> {
  if (!isReference(reference)) return noReference(image);
  const path = `manifests/${reference}`;
  const answer = await conversation.send(image, { method: "GET", path, accept, limit: maximumBytes, signal });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refused(answer.value, named(image, reference));
  const { body, headers } = answer.value;
  const said =
    headers.get("docker-content-digest") ?? (isDigest(reference) ? reference : digestOf(body, "sha256"));
  const digest = isDigest(said) ? digestOf(body, said.slice(0, said.indexOf(":"))) : undefined;
  if (digest === undefined || digest !== said || differs(digest, reference)) return lie(image, reference);
  const mediaType = mediaTypeOf(answer.value);
  const content = parseJson(body);
  if (content === undefined)
    return fail("malformed", `${named(image, reference)} is no JSON, or far too much of it`);
  if (!isManifest(mediaType)) {
    return fail("unsupported", `${named(image, reference)} is of a kind that Lockkeeper does not read`);
  }
  return ok({ digest, mediaType, content });
}

/** The parsed config blob of an image; undefined where it is no JSON. */
export async function getConfig(
  conversation: Conversation,
  image: ImageReference,
  digest: string,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const request = {
    method: "GET",
    path: `blobs/${digest}`,
    accept: "*/*",
    limit: maximumBytes,
    signal,
  } as const;
  const answer = await conversation.send(image, request);
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refused(answer.value, named(image, digest));
  if (digestOf(answer.value.body, digest.slice(0, digest.indexOf(":"))) !== digest) return lie(image, digest);
  return ok(parseJson(answer.value.body));
}

function digestOf(bytes: Buffer, algorithm: string): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** Only these are ever put into a path. */
function isReference(text: string): boolean {
  return isTag(text) || isDigest(text);
}

function noReference(image: ImageReference): Result<never> {
  return fail("malformed", `not a tag or digest of ${imageKey(image)}`);
}

/** Whether a reference is a digest, and another one. */
function differs(digest: string, reference: string): boolean {
  return isDigest(reference) && reference !== digest;
}

function lie(image: ImageReference, reference: string): Result<never> {
  return fail("malformed", `${named(image, reference)} does not have the digest that the registry says`);
}

function mediaTypeOf(answer: Answer): string {
  return answer.headers.get("content-type")?.split(";")[0]?.trim() ?? "";
}

function isManifest(mediaType: string): boolean {
  return indexTypes.includes(mediaType) || imageTypes.includes(mediaType);
}

/** The image with a tag or digest, as people write it. */
export function named(image: ImageReference, reference: string): string {
  return `${imageKey(image)}${isDigest(reference) ? "@" : ":"}${reference}`;
}
