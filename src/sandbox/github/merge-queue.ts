/** The merge queue: each entry is merged onto the one before it on a branch of its own, and lands when its checks pass. */

import { ApiError } from "./api-error.ts";
import { emit, isHeard } from "./emit.ts";
import { zeroSha } from "./git/git.ts";
import type { Hub } from "./hub.ts";
import { build } from "./merge-pull.ts";
import { presentSimpleCommit } from "./present/simple-commit.ts";
import { missingChecks, protectionsOf } from "./protection.ts";
import { announcePull, closePull } from "./pull-life.ts";
import type { MergeMethod, PullRequest, QueueEntry } from "./pull-state.ts";
import { moveRefs } from "./ref-moves.ts";
import type { Repository } from "./repository-state.ts";
import type { Account } from "./state.ts";

/** Puts a pull request at the end. Throws where it conflicts with what is before it. */
export async function enqueue(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
  by: { readonly user: Account; readonly method: MergeMethod },
): Promise<QueueEntry> {
  const { user, method } = by;
  const git = hub.git(repository);
  const before = repository.queue.findLast((entry) => entry.pull.baseBranch === pull.baseBranch);
  const baseSha = before?.headSha ?? (await git.ref(`refs/heads/${pull.baseBranch}`)) ?? pull.baseSha;
  const built = await build(hub, repository, { pull, base: baseSha, user }, { method });
  const headSha = built?.at(-1);
  if (headSha === undefined)
    throw new ApiError(422, "Pull request cannot be added to the queue: merge conflict");
  const ref = `refs/heads/gh-readonly-queue/${pull.baseBranch}/pr-${pull.issue.number}-${baseSha}`;
  const enqueuedAt = hub.store.now();
  const entry = { id: hub.store.nextId(), pull, enqueuer: user, enqueuedAt, method, ref, baseSha, headSha };
  repository.queue.push(entry);
  await moveRefs(hub, repository, [{ ref, before: zeroSha, after: headSha }], { actor: user });
  await announcePull(hub, repository, pull, { action: "enqueued", sender: user });
  await announceGroup(hub, repository, entry, { action: "checks_requested" });
  return entry;
}

/** Lands the first entry once its checks pass, throws it out once one fails; true if something changed. */
export async function advanceQueue(hub: Hub, repository: Repository): Promise<boolean> {
  const [entry] = repository.queue;
  if (!entry) return false;
  const protections = protectionsOf(repository, entry.pull.baseBranch);
  const missing = missingChecks(repository, protections, entry.headSha);
  if (missing?.endsWith("failing.")) {
    await leave(hub, repository, entry, "invalidated");
    return true;
  }
  if (missing !== undefined) return false;
  await land(hub, repository, entry);
  return true;
}

async function land(hub: Hub, repository: Repository, entry: QueueEntry): Promise<void> {
  const { pull, enqueuer, baseSha, headSha } = entry;
  const move = { ref: `refs/heads/${pull.baseBranch}`, before: baseSha, after: headSha };
  const cause = { actor: enqueuer, type: "merge_queue_merge", merging: pull.issue.number } as const;
  if (!(await moveRefs(hub, repository, [move], cause))) {
    await leave(hub, repository, entry, "invalidated");
    return;
  }
  const merged = { sha: headSha, landed: [headSha], base: baseSha };
  await closePull(hub, repository, pull, { actor: enqueuer, merged });
  await leave(hub, repository, entry, "merged");
}

/** Takes an entry out, and everything behind it builds again without it unless it landed. */
export async function leave(
  hub: Hub,
  repository: Repository,
  entry: QueueEntry,
  reason: "merged" | "invalidated" | "dequeued",
): Promise<void> {
  const at = repository.queue.indexOf(entry);
  if (at < 0) return;
  const after = repository.queue.splice(at).slice(1);
  const sender = entry.enqueuer;
  await moveRefs(hub, repository, [{ ref: entry.ref, before: entry.headSha, after: zeroSha }], {
    actor: sender,
  });
  await announceGroup(hub, repository, entry, { action: "destroyed", reason });
  if (reason === "merged") {
    repository.queue.push(...after);
    return;
  }
  const words = { reason: reason === "dequeued" ? "MANUAL" : "CI_FAILURE" };
  await announcePull(hub, repository, entry.pull, { action: "dequeued", sender, payload: words });
  await rebuild(hub, repository, after);
}

async function rebuild(hub: Hub, repository: Repository, entries: readonly QueueEntry[]): Promise<void> {
  for (const entry of entries) {
    const actor = entry.enqueuer;
    await moveRefs(hub, repository, [{ ref: entry.ref, before: entry.headSha, after: zeroSha }], { actor });
    await announceGroup(hub, repository, entry, { action: "destroyed", reason: "invalidated" });
    await enqueue(hub, repository, entry.pull, { user: actor, method: entry.method }).catch(() => undefined);
  }
}

async function announceGroup(
  hub: Hub,
  repository: Repository,
  entry: QueueEntry,
  told: { readonly action: "checks_requested" | "destroyed"; readonly reason?: string },
): Promise<void> {
  if (!isHeard(hub, { event: "merge_group", repository })) return;
  const commit = presentSimpleCommit(await hub.git(repository).commit(entry.headSha));
  emit(hub, {
    event: "merge_group",
    action: told.action,
    repository,
    sender: entry.enqueuer,
    payload: {
      ...(told.reason !== undefined && { reason: told.reason }),
      merge_group: {
        head_sha: entry.headSha,
        head_ref: entry.ref,
        base_sha: entry.baseSha,
        base_ref: `refs/heads/${entry.pull.baseBranch}`,
        head_commit: commit,
      },
    },
  });
}
