import type { Result } from "../model/failure.ts";
import type { Head, RepositoryRef, Snapshot, TreeEntry } from "../model/repository.ts";
import type {
  Comparison,
  FileChange,
  Lineage,
  Permission,
  Person,
  PullMoves,
  PullRequest,
  RefActivity,
  Review,
} from "../model/pull.ts";
import type { Release } from "../model/release.ts";
import type { Checks } from "./checks.ts";
import type { Merges } from "./merges.ts";

/** Which flow asks; decides the permissions of the token, which is for this one repository only. */
export type Job = "scan" | "check" | "command" | "deploy" | "gate" | "merge" | "look";

/** GitHub, seen by the App. */
export interface Forge {
  /** Every repository of every installation that is not suspended. */
  repositories(): Promise<Result<readonly RepositoryRef[]>>;
  /** The account as which the App acts: `<slug>[bot]`. */
  self(): Promise<Result<Person>>;
  /** A keyed hash of a text that only this App can make: by it a text that people may edit is known for ours. */
  seal(text: string): string;
  /** One repository, through a token limited to it and to what the job needs. */
  open(repository: RepositoryRef, job: Job): RepositoryForge;
}

/** One repository. Reads are conditional where GitHub allows it; writes are never repeated by the adapter. */
export interface RepositoryForge {
  readonly code: Code;
  readonly pulls: Pulls;
  readonly merges: Merges;
  readonly checks: Checks;
  readonly issues: Issues;
  readonly deployments: Deployments;
  readonly people: People;
  readonly sources: Sources;
}

/** A branch, and where it is expected to be. */
export interface BranchMove {
  readonly branch: string;
  /** Where the branch stands now; null when it must not exist yet. The move is refused (`conflict`) if it is elsewhere. */
  readonly expected: string | null;
}

/** A commit to be made on a branch: text for each path, or null where the file goes. */
export interface BranchContent extends BranchMove {
  /** The one parent, and the id of its tree where that is known. */
  readonly parent: string;
  readonly parentTree?: string;
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  readonly message: string;
}

export interface Code {
  head(): Promise<Result<Head>>;
  /** The tip of a branch; `not-found` when there is none. */
  branch(name: string): Promise<Result<string>>;
  /** Branches whose name begins so, name to tip. */
  branches(prefix: string): Promise<Result<ReadonlyMap<string, string>>>;
  /** All files of a commit, from one archive. Immutable, hence kept in memory for the last few commits. */
  snapshot(sha: string): Promise<Result<Snapshot>>;
  /** `incomplete` when GitHub cut the list of files or commits. */
  compare(base: string, head: string): Promise<Result<Comparison>>;
  /** The same without the files, however many there are; `incomplete` when GitHub cut the list of commits. */
  lineage(base: string, head: string): Promise<Result<Lineage>>;
  /** Every path of a commit, links and submodules included; immutable, hence kept. `incomplete` when GitHub cut the list. */
  tree(sha: string): Promise<Result<ReadonlyMap<string, TreeEntry>>>;
  /** Moves of a branch, newest first, at least back to `since`. */
  activity(branch: string, since: string): Promise<Result<readonly RefActivity[]>>;
  /** Pull requests through which a commit came, by `GET /commits/{sha}/pulls`. */
  pullsOf(sha: string): Promise<Result<readonly PullRequest[]>>;
  /**
   * Builds one commit without author or committer fields, so that GitHub signs it, then moves the branch once by
   * compare-and-swap. Answers the new commit's id.
   */
  writeBranch(content: BranchContent): Promise<Result<string>>;
  /** Puts a branch on a commit of this repository, ahead of where it is or not. */
  moveBranch(move: BranchMove, sha: string): Promise<Result<void>>;
  deleteBranch(name: string): Promise<Result<void>>;
}

export interface PullDraft {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft?: boolean;
}

/** Who is asked to review; teams by `organisation/slug`. */
export interface ReviewRequest {
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

export interface Pulls {
  /** Open pull requests onto a branch, or onto any, all pages. */
  open(base?: string): Promise<Result<readonly PullRequest[]>>;
  /**
   * Open pull requests onto the default branch whose head is this commit, told by one listing of all open ones. None where
   * the repository is archived or disabled.
   */
  withHead(sha: string): Promise<Result<readonly PullRequest[]>>;
  /**
   * Closed pull requests from branches of this repository that begin so, newest first, out of the last 300 that were closed;
   * `complete` when no more were.
   */
  closed(
    headPrefix: string,
  ): Promise<Result<{ readonly pulls: readonly PullRequest[]; readonly complete: boolean }>>;
  /** All from one branch of this repository, newest first. Listed by who owns it now: under an older name there are none. */
  from(owner: string, branch: string): Promise<Result<readonly PullRequest[]>>;
  get(number: number): Promise<Result<PullRequest>>;
  /** All files; `incomplete` when there are more than GitHub lists. */
  files(number: number): Promise<Result<readonly FileChange[]>>;
  reviews(number: number): Promise<Result<readonly Review[]>>;
  /** What moved under its reviews. `incomplete` when GitHub lists no end of events. */
  moves(number: number): Promise<Result<PullMoves>>;
  /** Doing it twice changes nothing. `rejected` when any of them cannot be asked: then nobody is. */
  requestReviews(number: number, asked: ReviewRequest): Promise<Result<void>>;
  /** `conflict` when the head already has a pull request or nothing differs. */
  create(draft: PullDraft): Promise<Result<PullRequest>>;
  update(
    number: number,
    change: { title?: string; body?: string; state?: "closed"; base?: string },
  ): Promise<Result<PullRequest>>;
}

export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly author: Person;
  readonly pull: boolean;
  readonly labels: readonly string[];
}

export interface IssueComment {
  readonly id: number;
  /** The issue or pull request that it stands on. */
  readonly issue: number;
  readonly body: string;
  readonly author: Person;
  /** Written by this App, told by the id of its account and not by a name. */
  readonly ours: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Reaction = "+1" | "-1" | "eyes" | "confused" | "rocket";

export interface Issues {
  get(number: number): Promise<Result<Issue>>;
  /** Issues that this App opened and that carry the label, open ones and closed ones, newest first. */
  ours(label: string): Promise<Result<readonly Issue[]>>;
  /**
   * Who has edited the text of an issue since this App wrote it last, each once; nobody where the App's own words stand. Of
   * edits in one second the order is not known, so that all of them count.
   */
  editorsSinceOurs(number: number): Promise<Result<readonly Person[]>>;
  create(issue: { title: string; body: string; labels: readonly string[] }): Promise<Result<Issue>>;
  update(
    number: number,
    change: { title?: string; body?: string; state?: "open" | "closed" },
  ): Promise<Result<Issue>>;
  addLabels(number: number, labels: readonly string[]): Promise<Result<void>>;
  /** Logins; whoever cannot be assigned is left out by GitHub. */
  assign(number: number, logins: readonly string[]): Promise<Result<void>>;
  /** Oldest first. */
  comments(number: number): Promise<Result<readonly IssueComment[]>>;
  /** Comments of the whole repository that changed since then, oldest first. */
  recentComments(since: string): Promise<Result<readonly IssueComment[]>>;
  comment(number: number, body: string): Promise<Result<IssueComment>>;
  updateComment(id: number, body: string): Promise<Result<IssueComment>>;
  /** Reactions of this App on a comment. */
  reactions(commentId: number): Promise<Result<readonly Reaction[]>>;
  /** Doing it twice changes nothing. */
  react(commentId: number, reaction: Reaction): Promise<Result<void>>;
}

export interface DeploymentDraft {
  readonly sha: string;
  /** One per app, so that the apps of an environment do not hide each other. */
  readonly task: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export type DeploymentState = "queued" | "in_progress" | "success" | "failure" | "error" | "inactive";

export interface Deployment extends DeploymentDraft {
  readonly id: number;
  readonly createdAt: string;
}

export interface DeploymentStatus {
  readonly state: DeploymentState;
  /** At most 140 characters: GitHub refuses more. */
  readonly description: string;
  readonly logUrl?: string;
}

/** A status that was written, by this App. */
export interface PastStatus extends DeploymentStatus {
  readonly at: string;
}

/** Deployments that this App created. */
export interface Deployments {
  /** Newest first. */
  list(filter: { task: string; sha?: string }): Promise<Result<readonly Deployment[]>>;
  /** Without merging anything into the ref and without required contexts. */
  create(draft: DeploymentDraft): Promise<Result<Deployment>>;
  /** Of this App alone, newest first. */
  statuses(id: number): Promise<Result<readonly PastStatus[]>>;
  addStatus(id: number, status: DeploymentStatus): Promise<Result<void>>;
}

/** Repositories of GitHub that are not ours to work on. */
export interface Sources {
  /** The last 100 releases, newest first; `not-found` where there is no such repository for us to see. */
  releases(source: { readonly owner: string; readonly name: string }): Promise<Result<readonly Release[]>>;
}

export interface People {
  /** By role, so that `maintain` and `triage` are told apart. */
  permission(login: string): Promise<Result<Permission>>;
  /** An active member of `organisation/team`, or of a child team of it. */
  inTeam(team: string, login: string): Promise<Result<boolean>>;
  /** An active member of an organisation. */
  inOrganisation(organisation: string, login: string): Promise<Result<boolean>>;
}
