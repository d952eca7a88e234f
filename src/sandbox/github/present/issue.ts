/** Issues, pull requests seen as issues, and their comments as JSON. */

import { roleOf } from "../actor.ts";
import type { Repository } from "../repository-state.ts";
import type { Account, Issue, IssueComment } from "../state.ts";
import { findOrganisation, type Store } from "../store.ts";
import { presentOptionalApp } from "./app.ts";
import { presentLabel, presentReactionCounts } from "./label.ts";
import { nodeId, optionalTime, time } from "./links.ts";
import { apiOf, pageOfRepository } from "./repository.ts";
import { presentOptionalUser, presentUser } from "./user.ts";

/** How an account stands to a repository, as texts of people carry it. */
export function associationOf(store: Store, repository: Repository, user: Account): string {
  if (repository.owner === user) return "OWNER";
  if (findOrganisation(store, repository.owner.login)?.members.has(user)) return "MEMBER";
  const role = user.type === "Bot" ? "none" : roleOf(store, repository, user);
  return ["admin", "maintain", "write"].includes(role) ? "COLLABORATOR" : "NONE";
}

/** `issue`; the same keys as in the webhook schemas. */
export function presentIssue(store: Store, repository: Repository, issue: Issue): Record<string, unknown> {
  const url = `${apiOf(store, repository)}/issues/${issue.number}`;
  const comments = [...repository.comments.values()].filter((comment) => comment.issue === issue);
  return {
    url,
    repository_url: apiOf(store, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(store, repository, issue),
    id: issue.id,
    node_id: nodeId(isPull(repository, issue) ? "PR" : "I", issue.id),
    number: issue.number,
    title: issue.title,
    user: presentUser(store, issue.user),
    labels: issue.labels.map((label) => presentLabel(store, repository, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: presentOptionalUser(store, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((account) => presentUser(store, account)),
    milestone: null,
    comments: comments.length,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    closed_at: optionalTime(issue.closedAt),
    author_association: associationOf(store, repository, issue.user),
    active_lock_reason: null,
    ...pullPart(store, repository, issue),
    body: issue.body,
    reactions: presentReactionCounts(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: presentOptionalApp(store, issue.app),
    state_reason: issue.stateReason,
  };
}

/** The single issue says who closed it; lists and webhooks do not. */
export function presentFullIssue(
  store: Store,
  repository: Repository,
  issue: Issue,
): Record<string, unknown> {
  return {
    ...presentIssue(store, repository, issue),
    closed_by: presentOptionalUser(store, issue.closedBy),
  };
}

export function presentComment(
  store: Store,
  repository: Repository,
  comment: IssueComment,
): Record<string, unknown> {
  const url = `${apiOf(store, repository)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issuePage(store, repository, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: `${apiOf(store, repository)}/issues/${comment.issue.number}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: presentUser(store, comment.user),
    created_at: time(comment.createdAt),
    updated_at: time(comment.updatedAt),
    author_association: associationOf(store, repository, comment.user),
    body: comment.body,
    reactions: presentReactionCounts(url, comment.reactions),
    performed_via_github_app: presentOptionalApp(store, comment.app),
  };
}

function issuePage(store: Store, repository: Repository, issue: Issue): string {
  return `${pageOfRepository(store, repository)}/${isPull(repository, issue) ? "pull" : "issues"}/${issue.number}`;
}

function isPull(repository: Repository, issue: Issue): boolean {
  return repository.pulls.has(issue.number);
}

/** What an issue has more when it is a pull request. */
function pullPart(store: Store, repository: Repository, issue: Issue): Record<string, unknown> {
  const pull = repository.pulls.get(issue.number);
  if (pull === undefined) return {};
  const page = issuePage(store, repository, issue);
  return {
    draft: pull.draft,
    pull_request: {
      url: `${apiOf(store, repository)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: optionalTime(pull.mergedAt),
    },
  };
}
