/** Repositories as JSON: what stands in other objects and webhooks, and the full form. */

import type { Repository } from "../repository-state.ts";
import type { Role } from "../state.ts";
import { fullNameOf, type Store } from "../store.ts";
import { nodeId, time } from "./links.ts";
import { presentUser, presentOrganisation } from "./user.ts";

/** Addresses of the parts of a repository, by key, each with the rest of its path. */
const parts: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

export function apiOf(store: Store, repository: Repository): string {
  return `${store.apiUrl}/repos/${fullNameOf(repository)}`;
}

export function pageOfRepository(store: Store, repository: Repository): string {
  return `${store.webUrl}/${fullNameOf(repository)}`;
}

/** `minimal-repository`, and `repository-lite` of the webhook schemas. */
export function presentMinimalRepository(store: Store, repository: Repository): Record<string, unknown> {
  const api = apiOf(store, repository);
  const addresses = Object.entries(parts).map(([key, rest]) => [key, `${api}${rest}`]);
  return {
    id: repository.id,
    node_id: nodeId("R", repository.id),
    name: repository.name,
    full_name: fullNameOf(repository),
    private: repository.private,
    owner: presentUser(store, repository.owner),
    html_url: pageOfRepository(store, repository),
    description: repository.description,
    fork: repository.parent !== null,
    url: api,
    ...Object.fromEntries(addresses),
  };
}

/** `repository`, with the keys that the webhook schemas want as well. */
export function presentRepository(store: Store, repository: Repository): Record<string, unknown> {
  const page = pageOfRepository(store, repository);
  const open = [...repository.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    ...presentMinimalRepository(store, repository),
    created_at: time(repository.createdAt),
    updated_at: time(repository.updatedAt),
    pushed_at: time(repository.pushedAt),
    git_url: `${page.replace(/^http/, "git")}.git`,
    ssh_url: `git@localhost:${fullNameOf(repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** `full-repository`; `role` is the caller's. */
export function presentFullRepository(
  store: Store,
  repository: Repository,
  role: Role,
): Record<string, unknown> {
  return {
    ...presentRepository(store, repository),
    ...(repository.owner.type === "Organization" && {
      organization: presentUser(store, repository.owner),
    }),
    permissions: presentRole(role),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: repository.allowAutoMerge,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: true,
    network_count: 0,
    subscribers_count: 0,
  };
}

/** The five booleans by which GitHub tells a role. */
export function presentRole(role: Role): Record<string, boolean> {
  const order: readonly Role[] = ["read", "triage", "write", "maintain", "admin"];
  const names = ["pull", "triage", "push", "maintain", "admin"];
  return Object.fromEntries(names.map((name, index) => [name, order.indexOf(role) >= index]));
}

/** `repository` of the webhook schemas. */
export function presentToldRepository(store: Store, repository: Repository): Record<string, unknown> {
  return { ...presentRepository(store, repository), custom_properties: {} };
}

/** `repository` and `organization` of a webhook. */
export function presentPlace(store: Store, repository: Repository): Record<string, unknown> {
  return {
    repository: presentToldRepository(store, repository),
    ...(repository.owner.type === "Organization" && {
      organization: presentOrganisation(store, repository.owner),
    }),
  };
}
