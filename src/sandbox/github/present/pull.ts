/** Pull requests as JSON: the short form of lists and the full one, which webhooks have too. */

import { headRepositoryOf } from "../forks.ts";
import type { Hub } from "../hub.ts";
import { mergeState } from "../merge-state.ts";
import { commitsOf, filesOf } from "../pull-range.ts";
import type { PullRequest } from "../pull-state.ts";
import type { Repository } from "../repository-state.ts";
import type { Store } from "../store.ts";
import { associationOf } from "./issue.ts";
import { presentLabel } from "./label.ts";
import { nodeId, optionalTime, time } from "./links.ts";
import { apiOf, pageOfRepository, presentRepository } from "./repository.ts";
import { presentTeam } from "./team.ts";
import { presentOptionalUser, presentUser } from "./user.ts";

function presentSide(
  store: Store,
  repository: Repository,
  side: { branch: string; sha: string },
): Record<string, unknown> {
  return {
    label: `${repository.owner.login}:${side.branch}`,
    ref: side.branch,
    sha: side.sha,
    user: presentUser(store, repository.owner),
    repo: presentRepository(store, repository),
  };
}

function presentLinks(api: string, page: string, { issue, headSha }: PullRequest): Record<string, unknown> {
  const self = `${api}/pulls/${issue.number}`;
  const discussion = `${api}/issues/${issue.number}`;
  return {
    self: { href: self },
    html: { href: `${page}/pull/${issue.number}` },
    issue: { href: discussion },
    comments: { href: `${discussion}/comments` },
    review_comments: { href: `${self}/comments` },
    review_comment: { href: `${api}/pulls/comments{/number}` },
    commits: { href: `${self}/commits` },
    statuses: { href: `${api}/statuses/${headSha}` },
  };
}

/** The addresses that stand beside the links. */
function addresses(api: string, page: string, { issue, headSha }: PullRequest): Record<string, string> {
  const self = `${api}/pulls/${issue.number}`;
  return {
    url: self,
    html_url: `${page}/pull/${issue.number}`,
    diff_url: `${page}/pull/${issue.number}.diff`,
    patch_url: `${page}/pull/${issue.number}.patch`,
    issue_url: `${api}/issues/${issue.number}`,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${issue.number}/comments`,
    statuses_url: `${api}/statuses/${headSha}`,
  };
}

/** `pull-request-simple`. */
export function presentPullSimple(
  store: Store,
  repository: Repository,
  pull: PullRequest,
): Record<string, unknown> {
  const { issue } = pull;
  const api = apiOf(store, repository);
  const page = pageOfRepository(store, repository);
  return {
    ...addresses(api, page, pull),
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: presentUser(store, issue.user),
    body: issue.body,
    labels: issue.labels.map((label) => presentLabel(store, repository, label)),
    milestone: null,
    active_lock_reason: null,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    closed_at: optionalTime(issue.closedAt),
    merged_at: optionalTime(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: presentOptionalUser(store, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => presentUser(store, user)),
    requested_reviewers: pull.requestedReviewers.map((user) => presentUser(store, user)),
    requested_teams: pull.requestedTeams.map((team) => presentTeam(store, team)),
    head: presentSide(store, headRepositoryOf(store, repository, pull), {
      branch: pull.headBranch,
      sha: pull.headSha,
    }),
    base: presentSide(store, repository, { branch: pull.baseBranch, sha: pull.baseSha }),
    _links: presentLinks(api, page, pull),
    author_association: associationOf(store, repository, issue.user),
    auto_merge: pull.autoMerge && {
      enabled_by: presentUser(store, pull.autoMerge.enabledBy),
      merge_method: pull.autoMerge.method,
      commit_title: issue.title,
      commit_message: "",
    },
    draft: pull.draft,
  };
}

/** `pull-request` of the REST description and of the webhook schemas. */
export async function presentPull(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
): Promise<Record<string, unknown>> {
  const { store } = hub;
  const [commits, files] = await Promise.all([
    commitsOf(hub, repository, pull),
    filesOf(hub, repository, pull),
  ]);
  const comments = [...repository.comments.values()].filter(({ issue }) => issue === pull.issue).length;
  const state = await mergeState(hub, repository, pull);
  return {
    ...presentPullSimple(store, repository, pull),
    merged: pull.merged,
    mergeable: state.mergeable,
    rebaseable: state.mergeable,
    mergeable_state: state.word,
    merged_by: presentOptionalUser(store, pull.mergedBy),
    comments,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}
