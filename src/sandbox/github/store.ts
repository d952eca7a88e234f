/** The state of the sandbox's GitHub, with what seeding needs to fill it and routes need to find things in it. */

import { randomBytes } from "node:crypto";
import { defaultLabels } from "./default-labels.ts";
import type { Delivery } from "./delivery.ts";
import type { Installation, InstallationToken, Repository } from "./repository-state.ts";
import type { Account, App, Issue, Organisation, Protection, Team } from "./state.ts";

/** Everything that would be in GitHub's database. Git objects are in the bare repositories. */
export interface Store {
  readonly apiUrl: string;
  readonly webUrl: string;
  readonly now: () => Date;
  /** One counter for all ids, so that no two records share one by chance. */
  readonly nextId: () => number;
  readonly accounts: Account[];
  readonly organisations: Organisation[];
  readonly repositories: Repository[];
  readonly apps: App[];
  readonly installations: Installation[];
  /** Key of the signatures on commits made through GitHub. */
  readonly signingSecret: string;
  /** One-time secrets of archive addresses. */
  readonly archives: Map<
    string,
    { readonly repository: Repository; readonly sha: string; readonly expiresAt: Date }
  >;
  readonly userTokens: Map<string, Account>;
  readonly installationTokens: Map<string, InstallationToken>;
  /** Newest last. */
  readonly deliveries: Delivery[];
}

export function createStore(options: { apiUrl: string; webUrl: string; now: () => Date }): Store {
  let last = 1000;
  return {
    ...options,
    nextId: () => (last += 1),
    accounts: [],
    organisations: [],
    repositories: [],
    apps: [],
    installations: [],
    signingSecret: randomBytes(32).toString("hex"),
    archives: new Map(),
    userTokens: new Map(),
    installationTokens: new Map(),
    deliveries: [],
  };
}

export function addAccount(store: Store, login: string, type: Account["type"]): Account {
  const taken = findAccount(store, login);
  if (taken) return taken;
  const id = store.nextId();
  return enter(store, { id, login, type, email: `${id}+${login}@users.noreply.github.com` });
}

/** The account that commits what is made on the web, with its number and address of github.com. */
export function addWebFlow(store: Store): Account {
  return enter(store, { id: 19_864_447, login: "web-flow", type: "User", email: "noreply@github.com" });
}

function enter(store: Store, account: Pick<Account, "id" | "login" | "type" | "email">): Account {
  const entered: Account = { ...account, name: null, createdAt: store.now(), siteAdmin: false };
  store.accounts.push(entered);
  return entered;
}

/** A token of a person with every right that the person has. */
export function issueUserToken(store: Store, account: Account): string {
  const token = `ghp_${randomBytes(18).toString("hex")}`;
  store.userTokens.set(token, account);
  return token;
}

export function addOrganisation(store: Store, login: string): Organisation {
  const found = findOrganisation(store, login);
  if (found) return found;
  const organisation = {
    account: addAccount(store, login, "Organization"),
    members: new Map(),
    teams: [],
  };
  store.organisations.push(organisation);
  return organisation;
}

export function addTeam(store: Store, organisation: Organisation, name: string): Team {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const team: Team = {
    id: store.nextId(),
    organisation: organisation.account,
    slug,
    name,
    description: null,
    parent: null,
    members: new Map(),
    roles: new Map(),
  };
  organisation.teams.push(team);
  return team;
}

/** The record only; the bare repository at `directory` is made by whoever calls. */
export function addRepositoryRecord(
  store: Store,
  options: { owner: Account; name: string; directory: string; parent?: Repository },
): Repository {
  const now = store.now();
  const repository: Repository = {
    id: store.nextId(),
    parent: null,
    ...options,
    formerNames: [],
    defaultBranch: "main",
    description: null,
    private: true,
    archived: false,
    deleteBranchOnMerge: false,
    allowAutoMerge: true,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    lastNumber: 0,
    collaborators: new Map(),
    protections: new Map(),
    rulesets: [],
    labels: defaultLabels(store.nextId),
    issues: new Map(),
    pulls: new Map(),
    queue: [],
    comments: new Map(),
    reviews: [],
    checkSuites: [],
    checkRuns: new Map(),
    statuses: [],
    deployments: new Map(),
    releases: [],
    activities: [],
  };
  store.repositories.push(repository);
  return repository;
}

/** A protection that demands nothing yet. */
export function emptyProtection(): Protection {
  return {
    checks: [],
    requirePullRequest: false,
    requiredApprovals: 0,
    dismissStale: false,
    lastPushApproval: false,
    strict: false,
    enforceAdmins: false,
    allowForcePushes: false,
    mergeQueue: false,
  };
}

/** A new issue record with the next number. */
export function addIssue(
  store: Store,
  repository: Repository,
  draft: Pick<Issue, "title" | "body" | "user" | "app">,
): Issue {
  const now = store.now();
  repository.lastNumber += 1;
  const issue: Issue = {
    id: store.nextId(),
    number: repository.lastNumber,
    ...draft,
    state: "open",
    stateReason: null,
    labels: [],
    assignees: [],
    locked: false,
    reactions: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    edits: [],
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

/** Logins and names are compared without regard to case, as on github.com. */
export function findAccount(store: Store, login: string): Account | undefined {
  return store.accounts.find((account) => account.login.toLowerCase() === login.toLowerCase());
}

export function findOrganisation(store: Store, login: string): Organisation | undefined {
  return store.organisations.find(
    (organisation) => organisation.account.login.toLowerCase() === login.toLowerCase(),
  );
}

export function findRepository(store: Store, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return store.repositories.find((repository) => fullNameOf(repository).toLowerCase() === wanted);
}

export function fullNameOf(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function installationOf(store: Store, repository: Repository): Installation | undefined {
  return store.installations.find((installation) => installation.repositories.has(repository));
}
