/** The push event of one ref. */

import { emit, isHeard } from "./emit.ts";
import { changedPaths } from "./git/changed-paths.ts";
import { zeroSha, type RefMove } from "./git/git.ts";
import type { Signature } from "./git/object-text.ts";
import type { Hub } from "./hub.ts";
import { time } from "./present/links.ts";
import { pageOfRepository } from "./present/repository.ts";
import type { Repository } from "./repository-state.ts";
import { accountByEmail } from "./signature.ts";
import type { Account } from "./state.ts";
import type { Store } from "./store.ts";

/** GitHub lists this many commits of a push. */
const listedCommits = 2048;

export async function announcePush(
  hub: Hub,
  repository: Repository,
  move: RefMove & { readonly forced: boolean },
  sender: Account,
): Promise<void> {
  if (!isHeard(hub, { event: "push", repository })) return;
  const created = move.before === zeroSha;
  const deleted = move.after === zeroSha;
  const shas = deleted ? [] : await newCommits(hub, repository, move);
  const commits = await Promise.all(shas.map((sha) => presentPushed(hub, repository, sha)));
  const page = pageOfRepository(hub.store, repository);
  emit(hub, {
    event: "push",
    repository,
    sender,
    payload: {
      ref: move.ref,
      before: move.before,
      after: move.after,
      created,
      deleted,
      forced: move.forced,
      base_ref: null,
      compare: created
        ? `${page}/compare/${move.ref.replace("refs/heads/", "")}`
        : `${page}/compare/${move.before.slice(0, 12)}...${move.after.slice(0, 12)}`,
      commits,
      head_commit: deleted ? null : await presentPushed(hub, repository, move.after),
      pusher: { name: sender.login, email: sender.email },
    },
  });
}

/** Oldest first; for a new branch, what the default branch does not have. */
async function newCommits(hub: Hub, repository: Repository, move: RefMove): Promise<string[]> {
  const main = `refs/heads/${repository.defaultBranch}`;
  const known = move.before !== zeroSha ? move.before : move.ref === main ? null : main;
  const git = hub.git(repository);
  const base = known === null ? undefined : await git.commitOf(known);
  if (base !== undefined) return [...(await git.between(base, move.after))].slice(-listedCommits);
  const listed = await git.run(["rev-list", "--reverse", `--max-count=${listedCommits}`, move.after]);
  return listed.toString("utf8").split("\n").filter(Boolean);
}

/** `commit` of the webhook schemas. */
async function presentPushed(
  hub: Hub,
  repository: Repository,
  sha: string,
): Promise<Record<string, unknown>> {
  const { store } = hub;
  const git = hub.git(repository);
  const commit = await git.commit(sha);
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: time(commit.committer.date),
    url: `${pageOfRepository(store, repository)}/commit/${sha}`,
    author: presentCommitter(store, commit.author),
    committer: presentCommitter(store, commit.committer),
    ...(await changedPaths(git, commit.parents[0] ?? null, sha)),
  };
}

function presentCommitter(store: Store, person: Signature): Record<string, unknown> {
  const account = accountByEmail(store, person.email);
  return { name: person.name, email: person.email, ...(account && { username: account.login }) };
}
