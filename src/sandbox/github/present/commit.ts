/** Commits and changed files as JSON. */

import { changedFiles, type ChangedFile } from "../git/changed-files.ts";
import type { CommitObject, Signature } from "../git/object-text.ts";
import type { Hub } from "../hub.ts";
import type { Repository } from "../repository-state.ts";
import { accountByEmail, isVerified } from "../signature.ts";
import type { Store } from "../store.ts";
import { nodeId, time } from "./links.ts";
import { apiOf, pageOfRepository } from "./repository.ts";
import { presentOptionalUser } from "./user.ts";

function presentPerson(person: Signature): Record<string, string> {
  return { name: person.name, email: person.email, date: time(person.date) };
}

function presentVerification(store: Store, commit: CommitObject): Record<string, unknown> {
  const verified = isVerified(store, commit);
  return {
    verified,
    reason: verified ? "valid" : commit.signature === null ? "unsigned" : "unknown_key",
    signature: commit.signature,
    payload: commit.signature === null ? null : commit.payload,
    verified_at: verified ? time(commit.committer.date) : null,
  };
}

/** `git-commit`, as the git data endpoints answer it. */
export async function presentGitCommit(
  hub: Hub,
  repository: Repository,
  sha: string,
): Promise<Record<string, unknown>> {
  const commit = await hub.git(repository).commit(sha);
  const api = `${apiOf(hub.store, repository)}/git`;
  const page = `${pageOfRepository(hub.store, repository)}/commit`;
  return {
    sha,
    node_id: nodeId("C", `${repository.id}:${sha}`),
    url: `${api}/commits/${sha}`,
    html_url: `${page}/${sha}`,
    author: presentPerson(commit.author),
    committer: presentPerson(commit.committer),
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/trees/${commit.tree}` },
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${page}/${parent}`,
    })),
    verification: presentVerification(hub.store, commit),
  };
}

/** `commit`, as lists and comparisons have it: without files. */
export async function presentCommit(
  hub: Hub,
  repository: Repository,
  sha: string,
): Promise<Record<string, unknown>> {
  const { store } = hub;
  const commit = await hub.git(repository).commit(sha);
  const api = apiOf(store, repository);
  const page = `${pageOfRepository(store, repository)}/commit`;
  return {
    sha,
    node_id: nodeId("C", `${repository.id}:${sha}`),
    url: `${api}/commits/${sha}`,
    html_url: `${page}/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    commit: {
      url: `${api}/git/commits/${sha}`,
      author: presentPerson(commit.author),
      committer: presentPerson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: presentVerification(store, commit),
    },
    author: presentOptionalUser(store, accountByEmail(store, commit.author.email)),
    committer: presentOptionalUser(store, accountByEmail(store, commit.committer.email)),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${page}/${parent}`,
    })),
  };
}

/** `commit` with statistics and files, compared with its first parent. */
export async function presentCommitWithFiles(
  hub: Hub,
  repository: Repository,
  sha: string,
): Promise<Record<string, unknown>> {
  const git = hub.git(repository);
  const { parents } = await git.commit(sha);
  const files = await changedFiles(git, parents[0] ?? null, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...(await presentCommit(hub, repository, sha)),
    stats: { total: additions + deletions, additions, deletions },
    files: files.slice(0, 300).map((file) => presentFile(hub.store, repository, sha, file)),
  };
}

/** `diff-entry`. */
export function presentFile(
  store: Store,
  repository: Repository,
  sha: string,
  file: ChangedFile,
): Record<string, unknown> {
  const page = pageOfRepository(store, repository);
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${apiOf(store, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previousFilename !== undefined && { previous_filename: file.previousFilename }),
  };
}
