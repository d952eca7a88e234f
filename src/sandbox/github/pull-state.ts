/** What the sandbox's GitHub remembers about a pull request and its reviews. */

import type { Account, App, Issue, Team } from "./state.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

/** The pull request half; title, body, state and labels are those of `issue`. */
export interface PullRequest {
  readonly id: number;
  readonly issue: Issue;
  readonly headBranch: string;
  /** Another one than its own where it comes from a fork. */
  readonly headRepositoryId: number;
  headSha: string;
  baseBranch: string;
  /** Tip of the base branch when the pull request was opened or its head last moved. */
  baseSha: string;
  draft: boolean;
  merged: boolean;
  mergedAt: Date | null;
  mergedBy: Account | null;
  /** The commit that landed, once merged. */
  mergeCommitSha: string | null;
  /** Commits on the base that came by it. */
  readonly landed: string[];
  /** Null while it is being worked out. */
  mergeable: boolean | null;
  /** `headSha baseSha` for which `mergeable` was worked out. */
  mergeableFor: string;
  autoMerge: { readonly enabledBy: Account; readonly method: MergeMethod } | null;
  readonly requestedReviewers: Account[];
  readonly requestedTeams: Team[];
  /** Each time that somebody pointed it at another base. */
  readonly baseChanges: PullMove[];
  /** Each time that its head was moved to a commit that does not follow the one before. */
  readonly forcedPushes: PullMove[];
  /** GitHub closed it because its head became equal to its base; it cannot be opened again. */
  unreopenable: boolean;
}

export interface PullMove {
  readonly id: number;
  readonly actor: Account;
  readonly at: Date;
}

export interface Review {
  readonly id: number;
  readonly pull: PullRequest;
  readonly user: Account;
  readonly app: App | null;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  /** Moves along with the head on a force-push, as on github.com. */
  commitId: string;
  submittedAt: Date | null;
}

/** One entry of a merge queue. */
export interface QueueEntry {
  readonly id: number;
  readonly pull: PullRequest;
  readonly enqueuer: Account;
  readonly enqueuedAt: Date;
  readonly method: MergeMethod;
  /** `refs/heads/gh-readonly-queue/<base>/pr-<number>-<base sha>`. */
  readonly ref: string;
  readonly baseSha: string;
  readonly headSha: string;
}
