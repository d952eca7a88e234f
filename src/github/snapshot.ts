/** All files of a commit from one archive, proven to be what was committed. */

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Snapshot } from "../model/repository.ts";
import { isDecisive, maximumFileBytes, unpack } from "./archive.ts";
import type { Place } from "./place.ts";
import { Recent } from "./recent.ts";
import { Refusal } from "./translate.ts";
import { type Tree, type TreeEntry, type TreeMemory, readTree } from "./tree.ts";

const memoryBytes = 64 * 1024 * 1024;
const blobMemoryBytes = 8 * 1024 * 1024;
/** Blobs fetched one by one for a commit; whatever is missing beyond that is skipped. */
const maximumBlobs = 100;
const maximumBlobBytes = 64 * 1024 * 1024;

/** The last few snapshots, and those that are on their way, so that flows that look at one commit share it. */
export class Snapshots {
  readonly #trees: TreeMemory;
  readonly #recent = new Recent<Snapshot>(memoryBytes);
  readonly #blobs = new Recent<Uint8Array>(blobMemoryBytes);
  readonly #coming = new Map<string, Promise<Snapshot>>();

  constructor(trees: TreeMemory) {
    this.#trees = trees;
  }

  async get(place: Place, sha: string): Promise<Snapshot> {
    const key = `${place.repositoryId} ${sha}`;
    const known = this.#recent.get(key) ?? this.#coming.get(key);
    if (known !== undefined) return known;
    const coming = this.#load(place, sha, key).finally(() => this.#coming.delete(key));
    this.#coming.set(key, coming);
    return coming;
  }

  async #load(place: Place, sha: string, key: string): Promise<Snapshot> {
    const tree = await readTree(place, this.#trees, sha);
    const archive = await download(place, sha);
    const skipped = await prove(tree, archive);
    for (const [path, entry] of altered(tree, skipped)) {
      const content = await this.#blob(place, entry.sha);
      archive.set(path, content);
      if (reasonToSkip(path, entry, content) === null) skipped.delete(path);
    }
    const files = provenFiles(tree, archive, skipped);
    const snapshot = { sha, files, skipped };
    const bytes = [...files.values()].reduce((sum, file) => sum + file.byteLength, 0);
    this.#recent.set(key, snapshot, bytes + tree.size * 200);
    return snapshot;
  }

  async #blob(place: Place, sha: string): Promise<Uint8Array> {
    const known = this.#blobs.get(`${place.repositoryId} ${sha}`);
    if (known !== undefined) return known;
    const { data } = await place.octokit.request("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", {
      ...place.at,
      file_sha: sha,
    });
    const content = Buffer.from(data.content, "base64");
    this.#blobs.set(`${place.repositoryId} ${sha}`, content, content.byteLength + 100);
    return content;
  }
}

async function download(place: Place, sha: string): Promise<Map<string, Uint8Array>> {
  const { headers } = await place.octokit.request("GET /repos/{owner}/{repo}/tarball/{ref}", {
    ...place.at,
    ref: sha,
    request: { redirect: "manual" },
  });
  if (headers.location === undefined || !URL.canParse(headers.location)) {
    throw new Refusal("malformed", "GitHub did not say where the archive is");
  }
  const answer = await place.download(new URL(headers.location));
  if (answer.body === null) throw new Refusal("malformed", "the archive is empty");
  return unpack(answer.body);
}

type Archive = ReadonlyMap<string, Uint8Array>;

/** Hashed between two pauses: some 10 ms. */
const pauseBytes = 8 * 1024 * 1024;

/**
 * An archive is made by `git archive`, which leaves files out (`export-ignore`) and writes into them (`export-subst`) as
 * the repository's own .gitattributes say; so every file is checked against its blob id. Answers why each that differs does.
 */
async function prove(tree: Tree, archive: Archive): Promise<Map<string, string>> {
  const skipped = new Map<string, string>();
  let hashed = 0;
  for (const [path, entry] of tree) {
    const content = archive.get(path);
    const reason = reasonToSkip(path, entry, content);
    if (reason !== null) skipped.set(path, reason);
    hashed += content?.byteLength ?? 0;
    if (hashed < pauseBytes) continue;
    hashed = 0;
    await setImmediate();
  }
  return skipped;
}

/** Manifests that the archive does not hold as they were committed: nobody may hide one with a .gitattributes of another folder. */
function altered(tree: Tree, skipped: ReadonlyMap<string, string>): ReadonlyMap<string, TreeEntry> {
  const found = new Map<string, TreeEntry>();
  let bytes = 0;
  for (const path of skipped.keys()) {
    const entry = tree.get(path);
    if (entry === undefined || !isDecisive(path) || !entry.mode.startsWith("100")) continue;
    if (entry.size > maximumFileBytes(path)) continue;
    bytes += entry.size;
    if (found.size === maximumBlobs || bytes > maximumBlobBytes) break;
    found.set(path, entry);
  }
  return found;
}

function provenFiles(tree: Tree, archive: Archive, skipped: ReadonlyMap<string, string>): Archive {
  const files = new Map<string, Uint8Array>();
  for (const path of tree.keys()) {
    const content = skipped.has(path) ? undefined : archive.get(path);
    if (content !== undefined) files.set(path, content);
  }
  return files;
}

function reasonToSkip(path: string, entry: TreeEntry, content: Uint8Array | undefined): string | null {
  const most = maximumFileBytes(path);
  if (entry.mode === "120000") return "a symbolic link";
  if (entry.mode === "160000") return "a submodule";
  if (entry.size > most) return `larger than ${most / 1024 / 1024} MiB`;
  if (content === undefined) return "left out of the archive by export-ignore in .gitattributes";
  if (blobId(content) !== entry.sha) return "changed in the archive by export-subst in .gitattributes";
  return null;
}

/** The id that Git gives a file's content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobId(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.byteLength}\0`).update(content).digest("hex");
}
