/** Forks: another account's copy of a repository, from which it opens pull requests. */

import { dirname, join } from "node:path";
import { runGit } from "./git/run-git.ts";
import type { Hub } from "./hub.ts";
import type { PullRequest } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";
import type { Account } from "./state.ts";
import { addRepositoryRecord, type Store } from "./store.ts";

/** The fork of an account, made where there is none; as on github.com there is one at most. */
export async function forkRepository(hub: Hub, parent: Repository, owner: Account): Promise<Repository> {
  const there = forkOf(hub.store, parent, owner.login);
  if (there !== undefined) return there;
  const directory = join(dirname(parent.directory), `${owner.login}--${parent.name}.git`);
  await runGit(["clone", "--quiet", "--bare", parent.directory, directory], { directory: parent.directory });
  const fork = addRepositoryRecord(hub.store, { owner, name: parent.name, directory, parent });
  fork.private = parent.private;
  fork.defaultBranch = parent.defaultBranch;
  return fork;
}

/** The repository that an account's branches for pull requests onto `base` are in: itself, or a fork of it. */
export function forkOf(store: Store, base: Repository, login: string): Repository | undefined {
  const name = login.toLowerCase();
  if (base.owner.login.toLowerCase() === name) return base;
  return store.repositories.find(
    ({ parent, owner }) => parent === base && owner.login.toLowerCase() === name,
  );
}

/** Where the branch of a pull request is. */
export function headRepositoryOf(store: Store, base: Repository, pull: PullRequest): Repository {
  return store.repositories.find(({ id }) => id === pull.headRepositoryId) ?? base;
}

/** Has the commits of a fork in the repository that the pull request goes to, behind `refs/pull/<number>/head`. */
export async function bringHead(
  hub: Hub,
  base: Repository,
  { from, number, sha }: { from: Repository; number: number; sha: string },
): Promise<void> {
  const git = hub.git(base);
  if (from !== base) await git.run(["fetch", "--quiet", from.directory, sha]);
  git.point(`refs/pull/${number}/head`, sha);
}
