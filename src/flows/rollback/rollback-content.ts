/** What a pull request that was merged has changed, taken back from the default branch as it is now. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { Code } from "../../ports/forge.ts";
import { asBytes, asText, mergeContent } from "../../rollout/merge-text.ts";
import { compareAll } from "../check/changes.ts";
import { changedPaths } from "../check/check-change.ts";

/** Longer rebases are not looked through. */
const mostCommits = 100;

/**
 * The files to write onto `tip`, null where one goes: the landing applied backwards. `rejected` where later changes lie in the
 * same lines, where something of it is no text file, or where nothing of it is left.
 */
export async function takenBack(
  code: Code,
  tip: string,
  pull: PullRequest,
): Promise<Result<ReadonlyMap<string, Uint8Array | null>>> {
  const landed = pull.mergeCommitSha ?? "";
  const parent = await parentOf(code, tip, pull);
  if (!parent.ok) return parent;
  const compared = await compareAll(code, parent.value, landed);
  if (!compared.ok) return compared;
  const paths = changedPaths(compared.value.files);
  const sides: ReadonlyMap<string, Uint8Array>[] = [];
  for (const sha of [landed, tip, parent.value]) {
    const snapshot = await code.snapshot(sha);
    if (!snapshot.ok) return snapshot;
    const unread = paths.find((path) => snapshot.value.skipped.has(path));
    if (unread !== undefined)
      return fail("rejected", `${unread} is ${snapshot.value.skipped.get(unread) ?? "not read"}`);
    sides.push(snapshot.value.files);
  }
  const files = new Map<string, Uint8Array | null>();
  for (const path of paths) {
    const [after, now, before] = sides.map((of) => asText(of.get(path)));
    const content = mergeContent(after, now, before);
    if (content === null) return fail("rejected", `${path} has changed since in the same lines`);
    if (content !== now) files.set(path, asBytes(content) ?? null);
  }
  return files.size === 0 ? fail("rejected", "nothing of it is left on the default branch") : ok(files);
}

/** The commit before the landing: of one that was rebased, the one before its first commit. */
async function parentOf(code: Code, tip: string, pull: PullRequest): Promise<Result<string>> {
  const landed = pull.mergeCommitSha ?? "";
  const below = await code.lineage(landed, tip);
  if (!below.ok) return below;
  if (below.value.status !== "ahead" && below.value.status !== "identical")
    return fail("rejected", "it is not on the default branch any more");
  const lineage = await code.lineage(pull.baseSha, landed);
  if (!lineage.ok) return lineage;
  const bySha = new Map(lineage.value.commits.map((commit) => [commit.sha, commit]));
  let at = bySha.get(landed);
  for (let count = 0; at !== undefined && count < mostCommits; count++) {
    const [parent = ""] = at.parents;
    const before = at.parents.length === 1 ? bySha.get(parent) : undefined;
    const brought = before === undefined ? ok([]) : await code.pullsOf(parent);
    if (!brought.ok) return brought;
    if (!brought.value.some(({ number }) => number === pull.number)) return ok(parent);
    at = before;
  }
  return fail("rejected", "GitHub does not tell what it was merged onto");
}
