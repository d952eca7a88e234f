/** Facts of a pull request, as GitHub tells them. */

export interface PullRequest {
  readonly number: number;
  readonly nodeId: string;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  /** Set once merged. */
  readonly mergedAt: string | null;
  /** For a merged pull request, the commit that landed. */
  readonly mergeCommitSha: string | null;
  readonly closedAt: string | null;
  readonly draft: boolean;
  readonly author: Person;
  readonly headBranch: string;
  readonly headSha: string;
  /** Numeric id of the repository of the head; null when that fork is gone. */
  readonly headRepository: number | null;
  readonly baseBranch: string;
  readonly baseSha: string;
  readonly labels: readonly string[];
  /** Who has GitHub merge it as soon as it may be; null or absent where nobody has. */
  readonly autoMergeBy?: Person | null;
}

/** An account. `id` identifies it; the login can change. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly bot: boolean;
}

export interface Review {
  readonly id: number;
  readonly author: Person;
  readonly state: "approved" | "changes-requested" | "commented" | "dismissed" | "pending";
  readonly submittedAt: string;
  /** Moves along when the branch is force-pushed, so it proves nothing about what was seen. */
  readonly commitSha: string;
}

/** When a pull request was last disturbed in a way that its reviews do not show; null where it never was. */
export interface PullMoves {
  /** Pointed at another base, by hand or by GitHub, or its base rewritten under it. */
  readonly retargetedAt: string | null;
  /** Its head force-pushed, deleted or restored. */
  readonly headForcedAt: string | null;
}

/** One file of a comparison: what changed, by blob. */
export interface FileChange {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  /** Blob after the change; of the removed file when removed. */
  readonly blob: string;
  /** How many lines it adds and deletes together; absent where nobody counted them. */
  readonly lines?: number;
  /** The hunks of the change as `diff -u` has them; absent where GitHub leaves them out. */
  readonly patch?: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Null where GitHub cannot attribute the commit to an account. */
  readonly author: Person | null;
  readonly committer: Person | null;
  readonly verified: boolean;
}

/** The commits between two commits, from their merge base on. */
export interface Lineage {
  /** The commit that it begins at, where a branch was named. */
  readonly base: string;
  readonly status: "ahead" | "behind" | "identical" | "diverged";
  readonly mergeBase: string;
  /** Oldest first. */
  readonly commits: readonly Commit[];
}

/** What lies between two commits, from their merge base on. */
export interface Comparison extends Lineage {
  readonly files: readonly FileChange[];
}

/** One move of a branch, from `GET /repos/{owner}/{repo}/activity`. */
export interface RefActivity {
  readonly before: string;
  readonly after: string;
  readonly actor: Person | null;
  readonly at: string;
  readonly type:
    | "push"
    | "force_push"
    | "branch_creation"
    | "branch_deletion"
    | "pr_merge"
    | "merge_queue_merge";
}

/** What a person may do in a repository, strongest first. */
export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";
