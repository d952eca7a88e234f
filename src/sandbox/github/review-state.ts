/** What the reviews of a pull request amount to. */

import { includesRole, roleOf } from "./actor.ts";
import { protectionsOf } from "./protection.ts";
import type { PullRequest, Review } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";
import type { Account } from "./state.ts";
import type { Store } from "./store.ts";

/** The last word of everybody: a comment takes back neither an approval nor a request for changes. */
export function opinions(repository: Repository, pull: PullRequest): ReadonlyMap<Account, Review> {
  const last = new Map<Account, Review>();
  for (const review of repository.reviews) {
    if (review.pull !== pull || review.state === "COMMENTED" || review.state === "PENDING") continue;
    last.set(review.user, review);
  }
  return last;
}

/** Why GitHub's own review rules hold the merge back; undefined when they do not. */
export function missingApprovals(
  store: Store,
  repository: Repository,
  pull: PullRequest,
): string | undefined {
  const needed = Math.max(
    0,
    ...protectionsOf(repository, pull.baseBranch).map(({ requiredApprovals }) => requiredApprovals),
  );
  if (needed === 0) return undefined;
  const counted = [...opinions(repository, pull).values()].filter(({ user }) =>
    includesRole(roleOf(store, repository, user), "write"),
  );
  if (counted.some(({ state }) => state === "CHANGES_REQUESTED")) return "Changes have been requested.";
  const pusher = protectionsOf(repository, pull.baseBranch).some((one) => one.lastPushApproval)
    ? repository.activities.findLast(({ ref }) => ref === `refs/heads/${pull.headBranch}`)?.actor
    : undefined;
  const approvals = counted.filter(({ state, user }) => state === "APPROVED" && user !== pusher).length;
  if (approvals >= needed) return undefined;
  const reviews = needed === 1 ? "review is" : "reviews are";
  return `At least ${needed} approving ${reviews} required by reviewers with write access.`;
}
