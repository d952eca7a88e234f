/** What the sandbox's GitHub remembers about people, issues, checks and deployments: plain mutable records. */

import type { KeyObject } from "node:crypto";

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";
export type Level = "read" | "write";
/** Names of GitHub App permissions to their level, as in `app.yml`. */
export type Permissions = Readonly<Record<string, Level>>;

/** A user, an organisation or the bot of an App. Other records point at the object itself, so a rename shows everywhere. */
export interface Account {
  readonly id: number;
  login: string;
  readonly type: "User" | "Organization" | "Bot";
  name: string | null;
  readonly email: string;
  readonly createdAt: Date;
  siteAdmin: boolean;
}

export interface Team {
  readonly id: number;
  readonly organisation: Account;
  slug: string;
  name: string;
  description: string | null;
  parent: Team | null;
  readonly members: Map<Account, "member" | "maintainer">;
  /** What the team may do in repositories, by repository id. */
  readonly roles: Map<number, Role>;
}

export interface Organisation {
  readonly account: Account;
  readonly members: Map<Account, "admin" | "member">;
  readonly teams: Team[];
}

export interface App {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: Date;
  readonly publicKey: KeyObject;
}

/** A required check; `appId` null lets any app or person set it. */
export interface RequiredCheck {
  readonly context: string;
  readonly appId: number | null;
}

/** What guards a branch, whether by classic protection or by a ruleset. */
export interface Protection {
  readonly checks: RequiredCheck[];
  requirePullRequest: boolean;
  requiredApprovals: number;
  /** A push takes approvals back. */
  dismissStale: boolean;
  /** Whoever pushed last cannot be the one who approves. */
  lastPushApproval: boolean;
  /** The head must contain the base before it may be merged. */
  strict: boolean;
  enforceAdmins: boolean;
  allowForcePushes: boolean;
  mergeQueue: boolean;
}

export interface Ruleset {
  readonly id: number;
  readonly name: string;
  enforcement: "active" | "disabled" | "evaluate";
  /** Branch names, or `~DEFAULT_BRANCH`. */
  readonly branches: readonly string[];
  readonly protection: Protection;
  readonly createdAt: Date;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
  readonly default: boolean;
}

export interface Reaction {
  readonly id: number;
  readonly user: Account;
  readonly content: "+1" | "-1" | "laugh" | "confused" | "heart" | "hooray" | "rocket" | "eyes";
  readonly createdAt: Date;
}

/** An issue, or the issue half of a pull request: number, title, body, state, labels and comments live here for both. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  readonly user: Account;
  /** The App that wrote it, told by id and not by name; null for people. */
  readonly app: App | null;
  readonly labels: Label[];
  readonly assignees: Account[];
  locked: boolean;
  readonly reactions: Reaction[];
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: Account | null;
  /** Of the text: empty until it is first changed; then the writing of it comes first. */
  readonly edits: ContentEdit[];
}

export interface ContentEdit {
  readonly id: number;
  readonly editor: Account;
  readonly at: Date;
}

export interface IssueComment {
  readonly id: number;
  readonly issue: Issue;
  body: string;
  readonly user: Account;
  readonly app: App | null;
  readonly reactions: Reaction[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface CheckSuite {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

/** A check run; `output`, `annotations` and `actions` are as the client sent them, within GitHub's limits. */
export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  readonly app: App;
  name: string;
  readonly headSha: string;
  externalId: string;
  detailsUrl: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  startedAt: Date;
  completedAt: Date | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Record<string, unknown>[];
  actions: { label: string; description: string; identifier: string }[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  /** The App that set it, so that a pinned required check can tell. */
  readonly appId: number | null;
  readonly createdAt: Date;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
  readonly description: string;
  readonly logUrl: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly creator: Account;
  readonly createdAt: Date;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly originalEnvironment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: Account;
  readonly app: App | null;
  readonly createdAt: Date;
  updatedAt: Date;
  /** Newest last. */
  readonly statuses: DeploymentStatus[];
}

export type ActivityType =
  | "push"
  | "force_push"
  | "branch_creation"
  | "branch_deletion"
  | "pr_merge"
  | "merge_queue_merge";

/** One move of a ref, as `GET /repos/{owner}/{repo}/activity` tells it. */
export interface Activity {
  readonly id: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly actor: Account;
  readonly timestamp: Date;
  readonly type: ActivityType;
}
