/** Opening, closing and announcing pull requests. */

import { emit, isHeard } from "./emit.ts";
import { bringHead, headRepositoryOf } from "./forks.ts";
import type { Hub } from "./hub.ts";
import { presentToldPull } from "./present/told-pull.ts";
import type { PullRequest } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";
import type { Account, App } from "./state.ts";
import { addIssue } from "./store.ts";

export interface PullDraft {
  readonly title: string;
  readonly body: string | null;
  readonly headBranch: string;
  readonly headRepositoryId: number;
  readonly headSha: string;
  readonly baseBranch: string;
  readonly baseSha: string;
  readonly draft: boolean;
}

/** Makes the record and tells the App. Whether it may be opened is for the caller to find out. */
export async function openPull(
  hub: Hub,
  repository: Repository,
  draft: PullDraft,
  author: { user: Account; app: App | null },
): Promise<PullRequest> {
  const { title, body, ...places } = draft;
  const issue = addIssue(hub.store, repository, { title, body, ...author });
  const pull: PullRequest = {
    id: hub.store.nextId(),
    issue,
    ...places,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    landed: [],
    mergeable: null,
    mergeableFor: "",
    autoMerge: null,
    requestedReviewers: [],
    requestedTeams: [],
    baseChanges: [],
    forcedPushes: [],
    unreopenable: false,
  };
  repository.pulls.set(issue.number, pull);
  const from = headRepositoryOf(hub.store, repository, pull);
  await bringHead(hub, repository, { from, number: issue.number, sha: draft.headSha });
  await announcePull(hub, repository, pull, { action: "opened", sender: author.user });
  return pull;
}

export interface Closing {
  readonly actor: Account;
  /** Set when it closes because it was merged: the commit on the base, all that landed, and the base before. */
  readonly merged?: { readonly sha: string; readonly landed: readonly string[]; readonly base: string };
}

export async function closePull(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
  { actor, merged }: Closing,
): Promise<void> {
  const now = hub.store.now();
  pull.issue.state = "closed";
  pull.issue.closedAt = now;
  pull.issue.closedBy = actor;
  pull.issue.updatedAt = now;
  pull.autoMerge = null;
  if (merged) {
    pull.merged = true;
    pull.mergedAt = now;
    pull.mergedBy = actor;
    pull.mergeCommitSha = merged.sha;
    pull.landed.push(...merged.landed);
    pull.baseSha = merged.base;
  }
  await announcePull(hub, repository, pull, { action: "closed", sender: actor });
}

/** A `pull_request` event with the pull request as it is now. */
export async function announcePull(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
  event: { action: string; sender: Account; payload?: Readonly<Record<string, unknown>> },
): Promise<void> {
  if (!isHeard(hub, { event: "pull_request", repository })) return;
  emit(hub, {
    event: "pull_request",
    action: event.action,
    repository,
    sender: event.sender,
    payload: {
      number: pull.issue.number,
      ...event.payload,
      pull_request: await presentToldPull(hub, repository, pull),
    },
  });
}

/** Whether a pull request is open from the one branch to the other: GitHub has no two, neither opened nor opened again. */
export function hasTwin(
  repository: Repository,
  {
    headBranch,
    headRepositoryId,
    baseBranch,
  }: Pick<PullRequest, "headBranch" | "headRepositoryId" | "baseBranch">,
): boolean {
  return [...repository.pulls.values()].some(
    (pull) =>
      pull.issue.state === "open" &&
      pull.headBranch === headBranch &&
      pull.headRepositoryId === headRepositoryId &&
      pull.baseBranch === baseBranch,
  );
}
