/** What the sandbox's GitHub remembers about repositories and where the App is installed. */

import type { PullRequest, QueueEntry, Review } from "./pull-state.ts";
import type {
  Account,
  Activity,
  App,
  CheckRun,
  CheckSuite,
  CommitStatus,
  Deployment,
  Issue,
  IssueComment,
  Label,
  Permissions,
  Protection,
  Role,
  Ruleset,
} from "./state.ts";

export interface Repository {
  readonly id: number;
  owner: Account;
  name: string;
  /** Full names that it had before, in lower case; calls by them are redirected. */
  readonly formerNames: string[];
  /** What it is a fork of. */
  readonly parent: Repository | null;
  /** Bare Git repository. */
  readonly directory: string;
  defaultBranch: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  deleteBranchOnMerge: boolean;
  allowAutoMerge: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
  pushedAt: Date;
  /** Numbers are shared by issues and pull requests. */
  lastNumber: number;
  readonly collaborators: Map<Account, Role>;
  /** Classic branch protection, by branch name. */
  readonly protections: Map<string, Protection>;
  readonly rulesets: Ruleset[];
  readonly labels: Label[];
  /** Pull requests have an issue too, with the same number. */
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, PullRequest>;
  /** The merge queue, first to be merged first. */
  readonly queue: QueueEntry[];
  readonly comments: Map<number, IssueComment>;
  readonly reviews: Review[];
  readonly checkSuites: CheckSuite[];
  readonly checkRuns: Map<number, CheckRun>;
  readonly statuses: CommitStatus[];
  readonly deployments: Map<number, Deployment>;
  /** Oldest first. */
  readonly activities: Activity[];
  /** Oldest first. */
  readonly releases: Release[];
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly name: string | null;
  readonly body: string | null;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly author: Account;
  readonly createdAt: Date;
}

/** The App on one account, for the repositories chosen there. */
export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  readonly repositories: Set<Repository>;
  suspended: boolean;
  readonly createdAt: Date;
}

export interface InstallationToken {
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** Null for every repository of the installation. */
  readonly repositories: ReadonlySet<Repository> | null;
  readonly expiresAt: Date;
}
