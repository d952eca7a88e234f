/** Proves one landing: it was signed off when it was merged, and what landed is what was signed off. */

import { type Result, ok } from "../model/failure.ts";
import type { FileChange, PullRequest } from "../model/pull.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import { mergeText } from "../rollout/merge-text.ts";
import { signoffCheck } from "../signoff/check-name.ts";

/** Whether our newest verdict at the time of the merge was a success. What was concluded later does not count. */
export async function wasSignedOff(forge: RepositoryForge, pull: PullRequest): Promise<Result<boolean>> {
  const runs = await forge.checks.list(pull.headSha, signoffCheck);
  if (!runs.ok) return runs;
  const merged = Date.parse(pull.mergedAt ?? "");
  const before = runs.value
    .filter((run) => Date.parse(run.completedAt ?? "") <= merged)
    .sort((a, b) => Date.parse(b.completedAt ?? "") - Date.parse(a.completedAt ?? ""));
  return ok(before[0]?.conclusion === "success");
}

interface Side {
  readonly sha: string;
  /** What changed on the way there: from the merge base for the approved side, from the parent for the landed one. */
  readonly files: readonly FileChange[];
}

export interface LandingContent {
  /** Merge base of the approved head and the parent. */
  readonly base: string;
  readonly parent: string;
  readonly approved: Side;
  readonly landed: Side;
}

/**
 * The first file, of those that `counts`, whose landed content is neither the approved content nor the clean merge of the
 * approved change into what was there; null when there is none. Files are only fetched where the blobs differ.
 */
export async function unprovenContent(
  forge: RepositoryForge,
  counts: (file: string) => boolean,
  content: LandingContent,
): Promise<Result<string | null>> {
  const approved = blobs(content.approved.files);
  const landed = blobs(content.landed.files);
  const open = [...new Set([...approved.keys(), ...landed.keys()])]
    .filter(counts)
    .filter((file) => !landed.has(file) || landed.get(file) !== approved.get(file))
    .sort();
  if (open.length === 0) return ok(null);
  const stray = open.find((file) => !approved.has(file));
  return stray === undefined ? firstUnmerged(forge, content, open) : ok(stray);
}

/** By path: the blob after the change, or null where the file is gone. */
function blobs(files: readonly FileChange[]): ReadonlyMap<string, string | null> {
  const result = new Map<string, string | null>();
  for (const { path, previousPath, status, blob } of files) {
    if (status === "unchanged") continue;
    if (status === "renamed" && previousPath !== undefined) result.set(previousPath, null);
    result.set(path, status === "removed" ? null : blob);
  }
  return result;
}

async function firstUnmerged(
  forge: RepositoryForge,
  content: LandingContent,
  files: readonly string[],
): Promise<Result<string | null>> {
  const texts: ReadonlyMap<string, Uint8Array>[] = [];
  for (const sha of [content.base, content.parent, content.approved.sha, content.landed.sha]) {
    const snapshot = await forge.code.snapshot(sha);
    if (!snapshot.ok) return snapshot;
    // What could not be read is not absent: two such files would look alike whatever they hold.
    const unread = files.find((file) => snapshot.value.skipped.has(file));
    if (unread !== undefined) return ok(unread);
    texts.push(snapshot.value.files);
  }
  const bad = files.find((file) => !isMerged(texts.map((of) => of.get(file))));
  return ok(bad ?? null);
}

/** Base, parent, approved, landed; a missing file merges like an empty one only where nobody has it. */
function isMerged(versions: readonly (Uint8Array | undefined)[]): boolean {
  const [base, parent, approved, landed] = versions.map(asText);
  if (base === undefined || parent === undefined || approved === undefined || landed === undefined) {
    return Object.is(landed, approved) || (Object.is(base, approved) && Object.is(landed, parent));
  }
  return mergeText(base, parent, approved) === landed;
}

/** Latin-1 keeps every byte apart, so that any content can be compared; what is no text cannot be merged by lines anyway. */
function asText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder("latin1").decode(bytes);
}
