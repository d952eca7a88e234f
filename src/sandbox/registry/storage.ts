/** What the sandbox registry holds, in memory: blobs and manifests by digest, tags by name. */

import { createHash } from "node:crypto";

export interface StoredManifest {
  readonly mediaType: string;
  readonly body: Buffer;
}

interface StoredRepository {
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
}

export type Storage = Map<string, StoredRepository>;

/** `sha256:…` of the bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The repository, made on its first push. */
export function openRepository(storage: Storage, name: string): StoredRepository {
  const found = storage.get(name);
  if (found !== undefined) return found;
  const made = { blobs: new Map(), manifests: new Map(), tags: new Map() };
  storage.set(name, made);
  return made;
}

export function putBlob(storage: Storage, repository: string, bytes: Buffer): string {
  const digest = digestOf(bytes);
  openRepository(storage, repository).blobs.set(digest, bytes);
  return digest;
}

export function putManifest(storage: Storage, repository: string, manifest: StoredManifest): string {
  const digest = digestOf(manifest.body);
  openRepository(storage, repository).manifests.set(digest, manifest);
  return digest;
}

/** Finds by tag or digest. */
export function findManifest(
  storage: Storage,
  repository: string,
  reference: string,
): (StoredManifest & { readonly digest: string }) | undefined {
  const held = storage.get(repository);
  const digest = held?.tags.get(reference) ?? reference;
  const manifest = held?.manifests.get(digest);
  return manifest === undefined ? undefined : { ...manifest, digest };
}
