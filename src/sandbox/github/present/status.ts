/** Commit statuses as JSON, alone and combined. */

import type { Repository } from "../repository-state.ts";
import type { CommitStatus } from "../state.ts";
import type { Store } from "../store.ts";
import { nodeId, time } from "./links.ts";
import { apiOf, presentMinimalRepository } from "./repository.ts";
import { presentUser } from "./user.ts";

type Json = Record<string, unknown>;

export function presentStatus(store: Store, repository: Repository, status: CommitStatus): Json {
  return { ...presentSimpleStatus(store, repository, status), creator: presentUser(store, status.creator) };
}

/** Of every context the newest, and what they come to. */
export function presentCombined(
  store: Store,
  repository: Repository,
  { sha, page }: { sha: string; page: readonly Json[] },
): Json {
  const latest = latestStatuses(repository, sha);
  const url = `${apiOf(store, repository)}/commits/${sha}`;
  return {
    state: combinedState(latest),
    statuses: page,
    sha,
    total_count: latest.length,
    repository: presentMinimalRepository(store, repository),
    commit_url: url,
    url: `${url}/status`,
  };
}

export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of repository.statuses) if (status.sha === sha) latest.set(status.context, status);
  return [...latest.values()];
}

function combinedState(statuses: readonly CommitStatus[]): "failure" | "pending" | "success" {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  return statuses.length > 0 && statuses.every(({ state }) => state === "success") ? "success" : "pending";
}

export function presentSimpleStatus(store: Store, repository: Repository, status: CommitStatus): Json {
  return {
    url: `${apiOf(store, repository)}/statuses/${status.sha}`,
    avatar_url: presentUser(store, status.creator)["avatar_url"],
    id: status.id,
    node_id: nodeId("SC", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: time(status.createdAt),
    updated_at: time(status.createdAt),
  };
}
