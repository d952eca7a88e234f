/** The short form by which check runs and suites name pull requests. */

import type { PullRequest } from "../pull-state.ts";
import type { Repository } from "../repository-state.ts";
import type { Store } from "../store.ts";
import { apiOf } from "./repository.ts";

/** The open pull requests with that head, none from forks, as `pull-request-minimal`. */
export function presentPullsOfHead(
  store: Store,
  repository: Repository,
  sha: string,
): Record<string, unknown>[] {
  return [...repository.pulls.values()]
    .filter((pull) => pull.headSha === sha && pull.issue.state === "open")
    .filter((pull) => pull.headRepositoryId === repository.id)
    .map((pull) => presentPullReference(store, repository, pull));
}

function presentPullReference(
  store: Store,
  repository: Repository,
  pull: PullRequest,
): Record<string, unknown> {
  const repo = { id: repository.id, url: apiOf(store, repository), name: repository.name };
  return {
    url: `${repo.url}/pulls/${pull.issue.number}`,
    id: pull.id,
    number: pull.issue.number,
    head: { ref: pull.headBranch, sha: pull.headSha, repo },
    base: { ref: pull.baseBranch, sha: pull.baseSha, repo },
  };
}
