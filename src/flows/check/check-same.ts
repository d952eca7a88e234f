/** Whether a pull request changes the same at two commits of its branch, on whatever base each of them stands. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { Comparison, PullRequest } from "../../model/pull.ts";
import type { Task } from "../../ports/threads.ts";
import { asText, mergeContent } from "../../rollout/merge-text.ts";
import { imageIdentity, movesText } from "../../signoff/change.ts";
import type { Bench } from "./check-bench.ts";
import { changedPaths } from "./check-change.ts";
import { readImageMoves } from "./check-identity.ts";
import { isOwnPull } from "../scan/own-pull.ts";
import { isAllOurs } from "../scan/scan-branch.ts";

/** A commit of the branch with what lies between the default branch and it. */
export interface ChangeAt {
  readonly sha: string;
  readonly comparison: Comparison;
}

/** Null where the change is the same; else what differs, for people: `web.yaml differs`. Text from outside. */
export type Difference = string | null;

/**
 * A change of ours is the same when it moves the same images, whatever the lines around them. Any other is the same when
 * both commits hold the same on one base, or when the later one is what Git makes of the earlier change on the later base,
 * without conflict, file by file. What cannot be read is not the same.
 */
export async function differenceOf(
  bench: Bench,
  pull: PullRequest,
  before: ChangeAt,
  now: ChangeAt,
): Promise<Result<Difference>> {
  if (before.comparison.mergeBase === now.comparison.mergeBase && sameTree(before, now)) return ok(null);
  const ours = isOwnPull(bench, pull) && [before, now].every((at) => isAllOurs(at.comparison, bench.self));
  const byImages = ours ? await imageDifference(bench, before, now) : ok(undefined);
  if (!byImages.ok || byImages.value === null) return byImages.ok ? ok(null) : byImages;
  const byFiles = await fileDifference(bench, before, now);
  if (!byFiles.ok || byFiles.value === null) return byFiles;
  return ok(byImages.value ?? byFiles.value);
}

function sameTree(one: ChangeAt, other: ChangeAt): boolean {
  const [tree, same] = [one, other].map(
    ({ sha, comparison }) => comparison.commits.find((commit) => commit.sha === sha)?.tree,
  );
  return tree !== undefined && tree === same;
}

/** Undefined where either changes anything else than images. */
async function imageDifference(
  bench: Bench,
  before: ChangeAt,
  now: ChangeAt,
): Promise<Result<Difference | undefined>> {
  const then = await readImageMoves(bench, before.comparison, before.sha);
  if (!then.ok || then.value === null) return then.ok ? ok(undefined) : then;
  const present = await readImageMoves(bench, now.comparison, now.sha);
  if (!present.ok || present.value === null) return present.ok ? ok(undefined) : present;
  const same = imageIdentity(then.value) === imageIdentity(present.value);
  return ok(same ? null : movesText(then.value, present.value));
}

/** The first file that is not the clean merge of the earlier change into the later base. */
async function fileDifference(
  { forge, threads }: Bench,
  before: ChangeAt,
  now: ChangeAt,
): Promise<Result<Difference>> {
  const paths = changedPaths([...before.comparison.files, ...now.comparison.files]);
  const sides: ReadonlyMap<string, Uint8Array>[] = [];
  for (const sha of [before.comparison.mergeBase, now.comparison.mergeBase, before.sha, now.sha]) {
    const snapshot = await forge.code.snapshot(sha);
    if (!snapshot.ok) return snapshot;
    // What could not be read is not absent: two such files would look alike whatever they hold.
    const unread = paths.find((path) => snapshot.value.skipped.has(path));
    if (unread !== undefined) return ok(differs(unread));
    sides.push(snapshot.value.files);
  }
  for (const path of paths) {
    const [base, parent, change, result] = sides.map((files) => files.get(path));
    const merged = await threads.first(isCleanMerge, { base, parent, change, result });
    if (!merged.ok) return fail(merged.failure.code, `${path}: merging it ${merged.failure.message}`);
    if (!merged.value) return ok(differs(path));
  }
  return ok(null);
}

function differs(path: string): string {
  return `${path} differs`;
}

/** One file of four trees; undefined where it is not there. */
interface Merge {
  readonly base: Uint8Array | undefined;
  readonly parent: Uint8Array | undefined;
  readonly change: Uint8Array | undefined;
  readonly result: Uint8Array | undefined;
}

const smallBytes = 16 * 1024;

/** Whether `result` is what `base` → `change` makes of `parent`, without conflict. */
export const isCleanMerge: Task<Merge, boolean> = {
  module: import.meta.url,
  name: "isCleanMerge",
  isSmall: ({ base, parent, change }) =>
    [base, parent, change].every((bytes) => (bytes?.byteLength ?? 0) <= smallBytes),
  run: ({ base, parent, change, result }) => [
    mergeContent(asText(base), asText(parent), asText(change)) === asText(result),
  ],
};
