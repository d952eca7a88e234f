/** Finds the merged pull request that brought a commit onto the default branch. */

import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { Tip } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";

/** One change of the branch: everything from `parent` (not included) up to `sha`. */
export interface Landing {
  readonly parent: string;
  readonly sha: string;
  readonly pull: PullRequest;
}

/**
 * The landing that the first of `shas`, a part of the branch's line that follows `parent`, belongs to; or half a sentence why
 * there is none, unless GitHub is only late.
 */
export async function findLanding(
  forge: RepositoryForge,
  head: Tip,
  { parent, shas }: { readonly parent: string; readonly shas: readonly string[] },
): Promise<Result<Landing | string>> {
  const associated = await forge.code.pullsOf(shas[0] ?? head.sha);
  if (!associated.ok) return associated;
  const pull = associated.value.find(
    (each) => each.merged && each.baseBranch === head.branch && shas.includes(each.mergeCommitSha ?? ""),
  );
  if (pull === undefined) return ok("it did not come by a merged pull request");
  const landing = { parent, sha: pull.mergeCommitSha ?? "", pull };
  const together = await cameTogether(forge, head, landing, shas);
  if (!together.ok) return together;
  return ok(
    together.value ? landing : `it did not come together with the rest of pull request #${pull.number}`,
  );
}

/**
 * Whether the branch moved over all commits of a landing at once, or with others behind it as a merge queue does. One that
 * was pushed earlier is of the pull request too, yet nobody who looked at that afterwards was shown it.
 */
async function cameTogether(
  forge: RepositoryForge,
  head: Tip,
  { sha, pull }: Landing,
  shas: readonly string[],
): Promise<Result<boolean>> {
  const before = shas.slice(0, shas.indexOf(sha));
  if (before.length === 0) return ok(true);
  const moves = await forge.code.activity(head.branch, pull.mergedAt ?? "");
  if (!moves.ok) return moves.failure.code === "incomplete" ? ok(false) : moves;
  const behind = shas.slice(before.length);
  const brought = moves.value.findLast((move) => behind.includes(move.after));
  return ok(brought !== undefined && brought.type !== "force_push" && !before.includes(brought.before));
}
