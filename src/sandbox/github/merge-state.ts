/** Whether a pull request could be merged, worked out in the background as GitHub does it. */

import { mergeTrees } from "./git/merge.ts";
import type { Hub } from "./hub.ts";
import { missingChecks, protectionsOf } from "./protection.ts";
import { baseOf } from "./pull-range.ts";
import type { PullRequest } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";
import { missingApprovals } from "./review-state.ts";
import { personOf, writeCommit } from "./signature.ts";

export interface MergeState {
  /** Null while it is being worked out, and once closed. */
  readonly mergeable: boolean | null;
  /** GitHub's `mergeable_state`. */
  readonly word: "unknown" | "dirty" | "draft" | "behind" | "blocked" | "clean";
}

/** What is known now; unknown where head or base have moved since it was worked out. */
export async function mergeState(hub: Hub, repository: Repository, pull: PullRequest): Promise<MergeState> {
  if (pull.issue.state === "closed") return { mergeable: null, word: "unknown" };
  const base = await baseOf(hub, repository, pull);
  if (pull.mergeableFor !== `${pull.headSha} ${base}`) return { mergeable: null, word: "unknown" };
  return { mergeable: pull.mergeable, word: await wordFor(hub, repository, { pull, base }) };
}

/** Begins to work it out where that is not done; only opening and reading a pull request do so. */
export async function askMergeState(hub: Hub, repository: Repository, pull: PullRequest): Promise<void> {
  const base = await baseOf(hub, repository, pull);
  const wanted = `${pull.headSha} ${base}`;
  if (pull.issue.state === "closed" || pull.mergeableFor === wanted) return;
  pull.mergeableFor = wanted;
  pull.mergeable = null;
  hub.background(tryMerge(hub, repository, { pull, base }));
}

/** What is so now, worked out at once. */
export async function knownMergeState(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
): Promise<MergeState> {
  const base = await baseOf(hub, repository, pull);
  pull.mergeableFor = `${pull.headSha} ${base}`;
  await tryMerge(hub, repository, { pull, base });
  return await mergeState(hub, repository, pull);
}

async function tryMerge(
  hub: Hub,
  repository: Repository,
  { pull, base }: { pull: PullRequest; base: string },
): Promise<void> {
  const head = pull.headSha;
  const git = hub.git(repository);
  const tree = await mergeTrees(git, base, head);
  const merge = tree === undefined ? null : await testMerge(hub, repository, { tree, base, head });
  // Something may have moved meanwhile; then somebody else's work decides.
  if (pull.mergeableFor !== `${head} ${base}` || pull.merged) return;
  pull.mergeable = tree !== undefined;
  pull.mergeCommitSha = merge;
}

/** The commit behind `refs/pull/<number>/merge`: what merging would give, on no branch. */
async function testMerge(
  hub: Hub,
  repository: Repository,
  { tree, base, head }: { tree: string; base: string; head: string },
): Promise<string> {
  const author = personOf(repository.owner, hub.store.now());
  const draft = {
    tree,
    parents: [base, head],
    author,
    committer: author,
    message: `Merge ${head} into ${base}`,
  };
  return await writeCommit(hub.store, hub.git(repository), draft, false);
}

async function wordFor(
  hub: Hub,
  repository: Repository,
  { pull, base }: { pull: PullRequest; base: string },
): Promise<MergeState["word"]> {
  if (pull.mergeable === null) return "unknown";
  if (!pull.mergeable) return "dirty";
  if (pull.draft) return "draft";
  const protections = protectionsOf(repository, pull.baseBranch);
  if (
    protections.some(({ strict }) => strict) &&
    !(await hub.git(repository).isAncestor(base, pull.headSha))
  ) {
    return "behind";
  }
  const missing =
    missingChecks(repository, protections, pull.headSha) ?? missingApprovals(hub.store, repository, pull);
  return missing === undefined ? "clean" : "blocked";
}
