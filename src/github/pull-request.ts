/** A pull request and its files as GitHub writes them. */

import type { components } from "@octokit/openapi-types";
import type { FileChange, PullRequest } from "../model/pull.ts";
import { person } from "./person.ts";

type RawPull = components["schemas"]["pull-request-simple"] | components["schemas"]["pull-request"];

export function toFileChange(raw: components["schemas"]["diff-entry"]): FileChange {
  return {
    path: raw.filename,
    previousPath: raw.previous_filename,
    status: raw.status,
    blob: raw.sha ?? "",
    ...linesOf(raw),
    ...(raw.patch !== undefined && { patch: raw.patch }),
  };
}

/** GitHub counts none of a file that it takes for binary, or that is too large for it, and says so by giving no hunks. */
function linesOf({ additions, deletions, patch, status }: components["schemas"]["diff-entry"]): {
  lines?: number;
} {
  const lines = additions + deletions;
  return lines > 0 || patch !== undefined || status === "renamed" ? { lines } : {};
}

/** Listings say that a pull request was merged only by its time. */
export function toPull(raw: RawPull): PullRequest {
  const merged = raw.merged_at !== null;
  return {
    number: raw.number,
    nodeId: raw.node_id,
    title: raw.title,
    body: raw.body ?? "",
    state: raw.state === "open" ? "open" : "closed",
    merged,
    mergedAt: raw.merged_at,
    mergeCommitSha: merged ? raw.merge_commit_sha : null,
    closedAt: raw.closed_at,
    draft: raw.draft ?? false,
    author: person(raw.user),
    headBranch: raw.head.ref,
    headSha: raw.head.sha,
    headRepository: raw.head.repo ? Number(raw.head.repo.id) : null,
    baseBranch: raw.base.ref,
    baseSha: raw.base.sha,
    labels: raw.labels.map((label) => label.name),
    ...(raw.auto_merge && { autoMergeBy: person(raw.auto_merge.enabled_by) }),
  };
}
