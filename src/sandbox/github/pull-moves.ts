/** What a moved branch does to the pull requests from it and onto it. */

import { zeroSha, type RefMove } from "./git/git.ts";
import { bringHead } from "./forks.ts";
import type { Hub } from "./hub.ts";
import { protectionsOf } from "./protection.ts";
import { announcePull, closePull } from "./pull-life.ts";
import type { PullRequest } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";
import type { Account } from "./state.ts";

export interface MoveCause {
  readonly actor: Account;
  /** For merges of pull requests; otherwise it is told from the commits. */
  readonly type?: "pr_merge" | "merge_queue_merge";
  /** The pull request that this move merges; it closes itself. */
  readonly merging?: number;
}

type BranchMove = RefMove & { readonly forced: boolean };

/** Heads follow their branch; a pull request whose head is all in its base closes. */
export async function followMove(
  hub: Hub,
  repository: Repository,
  move: BranchMove,
  cause: MoveCause,
): Promise<void> {
  const branch = move.ref.slice("refs/heads/".length);
  if (repository.parent !== null) await followMoveOfFork(hub, repository, { branch, move }, cause);
  for (const pull of repository.pulls.values()) {
    if (pull.issue.state !== "open" || pull.issue.number === cause.merging) continue;
    if (pull.headBranch === branch && pull.headRepositoryId === repository.id)
      await moveHead(hub, repository, { pull, move }, cause);
    else if (pull.baseBranch === branch) await moveBase(hub, repository, { pull, move }, cause);
  }
}

/** What moved in a fork moves the pull requests that its parent has from there. */
async function followMoveOfFork(
  hub: Hub,
  fork: Repository,
  { branch, move }: { branch: string; move: BranchMove },
  cause: MoveCause,
): Promise<void> {
  const { parent } = fork;
  for (const pull of parent?.pulls.values() ?? []) {
    if (parent === null || pull.issue.state !== "open") continue;
    if (pull.headBranch !== branch || pull.headRepositoryId !== fork.id) continue;
    const { number } = pull.issue;
    if (move.after !== zeroSha) await bringHead(hub, parent, { from: fork, number, sha: move.after });
    await moveHead(hub, parent, { pull, move }, cause);
  }
}

interface Affected {
  readonly pull: PullRequest;
  readonly move: BranchMove;
}

async function moveHead(
  hub: Hub,
  repository: Repository,
  { pull, move }: Affected,
  { actor }: MoveCause,
): Promise<void> {
  if (move.after === zeroSha) {
    await closePull(hub, repository, pull, { actor });
    return;
  }
  const git = hub.git(repository);
  const base = (await git.ref(`refs/heads/${pull.baseBranch}`)) ?? pull.baseSha;
  if (move.forced || (await mergesBase(hub, repository, { pull, move }))) {
    for (const review of repository.reviews) if (review.pull === pull) review.commitId = move.after;
  }
  if (protectionsOf(repository, pull.baseBranch).some(({ dismissStale }) => dismissStale)) {
    for (const review of repository.reviews)
      if (review.pull === pull && review.state === "APPROVED") review.state = "DISMISSED";
  }
  if (move.forced) pull.forcedPushes.push({ id: hub.store.nextId(), actor, at: hub.store.now() });
  pull.headSha = move.after;
  pull.baseSha = base;
  pull.issue.updatedAt = hub.store.now();
  git.point(`refs/pull/${pull.issue.number}/head`, move.after);
  await announcePull(hub, repository, pull, {
    action: "synchronize",
    sender: actor,
    payload: { before: move.before, after: move.after },
  });
  if (await git.isAncestor(move.after, base)) {
    // Nothing is left to merge, and GitHub does not let it be opened again.
    pull.unreopenable = true;
    await closePull(hub, repository, pull, { actor });
  }
}

/** Whether the head moved by taking the base in. */
async function mergesBase(hub: Hub, repository: Repository, { pull, move }: Affected): Promise<boolean> {
  const git = hub.git(repository);
  const { parents } = await git.commit(move.after);
  const base = await git.ref(`refs/heads/${pull.baseBranch}`);
  return parents[0] === move.before && parents[1] !== undefined && base !== undefined
    ? await git.isAncestor(parents[1], base)
    : false;
}

async function moveBase(
  hub: Hub,
  repository: Repository,
  { pull, move }: Affected,
  { actor }: MoveCause,
): Promise<void> {
  if (move.after === zeroSha) {
    await closePull(hub, repository, pull, { actor });
    return;
  }
  if (!(await hub.git(repository).isAncestor(pull.headSha, move.after))) return;
  // The head landed by a push: GitHub calls that merged, too.
  await closePull(hub, repository, pull, {
    actor,
    merged: { sha: move.after, landed: [pull.headSha], base: move.before },
  });
}
