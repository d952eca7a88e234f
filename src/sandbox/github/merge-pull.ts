/** Merging a pull request: whether it may be, and the three ways of doing it. */

import { accountOf, type Actor } from "./actor.ts";
import { ApiError } from "./api-error.ts";
import { zeroSha } from "./git/git.ts";
import { headRepositoryOf } from "./forks.ts";
import { mergeTrees, replay } from "./git/merge.ts";
import type { Hub } from "./hub.ts";
import { missingChecks, protectionsFor } from "./protection.ts";
import { closePull } from "./pull-life.ts";
import { baseOf, commitsOf } from "./pull-range.ts";
import type { MergeMethod, PullRequest } from "./pull-state.ts";
import { moveRefs, recordMoves } from "./ref-moves.ts";
import type { Repository } from "./repository-state.ts";
import { missingApprovals } from "./review-state.ts";
import { personOf, webFlow, writeCommit } from "./signature.ts";
import type { Account } from "./state.ts";

export interface MergeOrder {
  readonly actor: Actor;
  readonly method: MergeMethod;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** The head that the caller saw; another one is a 409. */
  readonly sha?: string | undefined;
}

/** The commit that landed. Throws 405 where it may not be merged and 409 where the head or the base moved. */
export async function mergePull(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
  order: MergeOrder,
): Promise<string> {
  const user = accountOf(order.actor);
  if (!user) throw new ApiError(401, "Requires authentication");
  if (order.sha !== undefined && order.sha !== pull.headSha) {
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  }
  const base = await baseOf(hub, repository, pull);
  await refuseUnready(hub, repository, { pull, base }, order.actor);
  const built = await build(hub, repository, { pull, base, user }, order);
  if (!built) throw new ApiError(405, "Pull Request is not mergeable");
  const sha = built.at(-1) ?? base;
  const ref = `refs/heads/${pull.baseBranch}`;
  const cause = { actor: user, type: "pr_merge", merging: pull.issue.number } as const;
  // The pull request is merged before anybody hears of the push, as its own event says.
  const git = hub.git(repository);
  if (!(await git.move([{ ref, before: base, after: sha }]))) {
    throw new ApiError(405, "Base branch was modified. Review and try the merge again.");
  }
  await closePull(hub, repository, pull, { actor: user, merged: { sha, landed: built, base } });
  await finishMerge(hub, repository, { pull, move: { ref, before: base, after: sha } }, cause);
  return sha;
}

async function finishMerge(
  hub: Hub,
  repository: Repository,
  { pull, move }: { pull: PullRequest; move: { ref: string; before: string; after: string } },
  cause: Parameters<typeof recordMoves>[3],
): Promise<void> {
  await recordMoves(hub, repository, [move], cause);
  if (!repository.deleteBranchOnMerge || pull.headRepositoryId !== repository.id) return;
  const ref = `refs/heads/${pull.headBranch}`;
  await moveRefs(hub, repository, [{ ref, before: pull.headSha, after: zeroSha }], { actor: cause.actor });
}

/** Throws what GitHub says when a pull request may not be merged now. */
async function refuseUnready(
  hub: Hub,
  repository: Repository,
  { pull, base }: { pull: PullRequest; base: string },
  actor: Actor,
): Promise<void> {
  if (pull.merged || pull.issue.state === "closed") throw new ApiError(405, "Pull Request is not mergeable");
  if (pull.draft) throw new ApiError(405, "Pull Request is still a draft");
  const bound = protectionsFor(hub.store, repository, { branch: pull.baseBranch, actor });
  if (bound.some(({ mergeQueue }) => mergeQueue)) {
    throw new ApiError(405, "Changes must be made through the merge queue");
  }
  if (bound.length === 0) return;
  const missing =
    missingChecks(repository, bound, pull.headSha) ?? missingApprovals(hub.store, repository, pull);
  if (missing !== undefined) throw new ApiError(405, missing);
  const strict = bound.some((protection) => protection.strict);
  if (strict && !(await hub.git(repository).isAncestor(base, pull.headSha))) {
    throw new ApiError(405, "Head branch is out of date. Review and try the merge again.");
  }
}

interface Building {
  readonly pull: PullRequest;
  readonly base: string;
  readonly user: Account;
}

/** The commits that go onto the base, the new tip last; undefined where they conflict. */
export async function build(
  hub: Hub,
  repository: Repository,
  building: Building,
  order: Pick<MergeOrder, "method" | "title" | "message">,
): Promise<string[] | undefined> {
  if (order.method === "rebase") return await rebase(hub, repository, building);
  const { pull, base, user } = building;
  const { store } = hub;
  const git = hub.git(repository);
  const tree = await mergeTrees(git, base, pull.headSha);
  if (tree === undefined) return undefined;
  const squash = order.method === "squash";
  const { number, title, user: author } = pull.issue;
  const from = `${headRepositoryOf(store, repository, pull).owner.login}/${pull.headBranch}`;
  const subject =
    order.title ?? (squash ? `${title} (#${number})` : `Merge pull request #${number} from ${from}`);
  const body = order.message ?? (squash ? (pull.issue.body ?? "") : title);
  const draft = {
    tree,
    parents: squash ? [base] : [base, pull.headSha],
    author: personOf(squash ? author : user, store.now()),
    committer: webFlow(store),
    message: body === "" ? subject : `${subject}\n\n${body}`,
  };
  return [await writeCommit(store, git, draft, true)];
}

async function rebase(
  hub: Hub,
  repository: Repository,
  { pull, base, user }: Building,
): Promise<string[] | undefined> {
  const git = hub.git(repository);
  const landed: string[] = [];
  let tip = base;
  for (const sha of await commitsOf(hub, repository, pull)) {
    const commit = await git.commit(sha);
    const tree = await replay(git, sha, tip);
    if (tree === undefined) return undefined;
    const committer = personOf(user, hub.store.now());
    const { author, message } = commit;
    // GitHub does not sign what it rebases.
    tip = await writeCommit(hub.store, git, { tree, parents: [tip], author, committer, message }, false);
    landed.push(tip);
  }
  return landed;
}
