/** What a reviewer had before their eyes: the head of the branch at the time of the review. */

import type { RefActivity, Review } from "../model/pull.ts";

const nothing = /^0*$/;

/**
 * The commits that a review may have been given for: every one must hold the present change for the approval to count.
 * Empty when the branch's moves do not reach back to the review. Times are in whole seconds, so a move in the second of the
 * review leaves two heads possible. The review's own commit does not decide between them, because GitHub moves it along with
 * force-pushes and merges of the base (max-sixty/tend#884, Yeachan-Heo/gajae-code#5692).
 * A review from a page that was out of date names an older commit than the head, and counts only if both hold the change.
 */
export function commitsSeen(moves: readonly RefActivity[], review: Review): readonly string[] {
  const time = seconds(review.submittedAt);
  const during = moves.filter((move) => seconds(move.at) === time);
  const before = moves.find((move) => seconds(move.at) < time)?.after ?? during.at(-1)?.before;
  const heads = [...during.map((move) => move.after), ...(before === undefined ? [] : [before])].filter(
    exists,
  );
  return heads.length === 0 ? [] : [...new Set([...heads, review.commitSha])];
}

/** Whether the newest move is the one that made the branch what it is; else GitHub's list of moves lags behind. */
export function explains(moves: readonly RefActivity[], head: string): boolean {
  return moves[0]?.after === head;
}

/**
 * Why an approval in a fork proves nothing, in words that go after the person's name; null where it does. The moves of the
 * branch cannot be read there. A push leaves the review's commit behind, while a force-push and a merge of the base take it
 * along: so it has to be the head, which is no merge, and no force-push may have come since. `forcedAt` is the last one.
 */
export function unseenInFork(
  review: Review,
  head: { readonly sha: string; readonly parents: number },
  forcedAt: string | null,
): string | null {
  if (review.commitSha !== head.sha)
    return `approved ${review.commitSha.slice(0, 7)} of a fork, not its head`;
  if (head.parents !== 1)
    return "approved a merge commit of a fork, along with which GitHub may have moved it";
  if (forcedAt !== null && seconds(forcedAt) >= seconds(review.submittedAt))
    return "approved it before a force-push in the fork, along with which GitHub moves approvals";
  return null;
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

function exists(sha: string): boolean {
  return !nothing.test(sha);
}
