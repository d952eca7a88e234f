/** Merging of pull requests: what GitHub lets be done, by itself, by its queue or at once. */

import type { Result } from "../model/failure.ts";
import type { PullRequest } from "../model/pull.ts";

export type MergeMethod = "squash" | "merge" | "rebase";

/** GitHub's word for whether a pull request can be merged now, in lower case; `unknown` while it works it out. */
export type MergeWord =
  | "behind"
  | "blocked"
  | "clean"
  | "dirty"
  | "draft"
  | "has_hooks"
  | "unknown"
  | "unstable";

/** How a pull request could be merged now. */
export interface Readiness {
  readonly headSha: string;
  readonly word: MergeWord;
  /** Whether its base branch has a merge queue, and whether it stands there. */
  readonly queue: "none" | "outside" | "inside";
  /** The repository lets GitHub merge by itself what becomes ready. */
  readonly autoMerge: boolean;
  /** That the repository allows, the one that is to be taken first. */
  readonly methods: readonly MergeMethod[];
}

/** What a branch demands before it takes anything, as far as GitHub shows it to an App. */
export interface BranchGuard {
  /** Whether a check of that name is demanded: of this App, of whoever gives one, or not at all. */
  readonly check: "ours" | "any" | "none";
  /** `hidden` where classic protection has the say, which only administrators are shown. */
  readonly pullRequests: "required" | "optional" | "hidden";
  /** By rulesets; of classic protection it is not known. */
  readonly dismissesStale: boolean;
  readonly lastPushApproval: boolean;
}

/** Everything names the head that was judged: `conflict` or `rejected` where it is another one by now. */
export interface Merges {
  readiness(number: number): Promise<Result<Readiness>>;
  /** Whether a branch takes nothing without this check by this App: one that any App may give is none. */
  requires(branch: string, check: string): Promise<Result<boolean>>;
  guard(branch: string, check: string): Promise<Result<BranchGuard>>;
  /** Numbers of the pull requests in the merge queue of a branch; none where it has no queue. */
  queued(branch: string): Promise<Result<ReadonlySet<number>>>;
  /** Has GitHub merge it as soon as it may be. `rejected` where it may be now, or the repository does not let it. */
  enableAutoMerge(pull: JudgedPull, method: MergeMethod): Promise<Result<void>>;
  disableAutoMerge(nodeId: string): Promise<Result<void>>;
  /** `rejected` where anything is missing yet. */
  enqueue(pull: JudgedPull): Promise<Result<void>>;
  /** At once; answers the commit that landed. */
  merge(pull: JudgedPull, method: MergeMethod): Promise<Result<string>>;
}

export type JudgedPull = Pick<PullRequest, "number" | "nodeId" | "headSha">;
