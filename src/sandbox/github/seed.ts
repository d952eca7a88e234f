/** Fills the sandbox's GitHub before anybody calls it: what a person would click together. */

import { join } from "node:path";
import { initBare } from "./git/init-bare.ts";
import { formatCommit } from "./git/object-text.ts";
import { writeTree } from "./git/write-tree.ts";
import { zeroSha } from "./git/git.ts";
import type { Hub } from "./hub.ts";
import type { Installation, Repository } from "./repository-state.ts";
import type { Account, App, Role } from "./state.ts";
import { addRepositoryRecord, emptyProtection, findAccount, fullNameOf } from "./store.ts";

export interface RepositorySeed {
  /** Content by path; none leaves the repository empty. */
  readonly files?: ReadonlyMap<string, string | Uint8Array>;
  /** By login; everybody named must have been added before. */
  readonly permissions?: Readonly<Record<string, Role>>;
  /** By branch. Each check is pinned to the App; a protected branch also wants pull requests. */
  readonly protect?: Readonly<Record<string, { readonly checks: readonly string[] }>>;
  /** Everybody may read it. Default: private. */
  readonly public?: boolean;
  readonly mergeQueue?: boolean;
}

/** Makes the record, the bare repository in `directory`, and the first commit on `main`. */
export async function seedRepository(
  hub: Hub,
  place: { owner: Account; name: string; directory: string; app: App },
  seed: RepositorySeed,
): Promise<Repository> {
  const { store } = hub;
  const { owner, name, app } = place;
  const directory = join(place.directory, `${owner.login}--${name}.git`);
  await initBare(directory);
  const repository = addRepositoryRecord(store, { owner, name, directory });
  repository.private = seed.public !== true;
  for (const [login, role] of Object.entries(seed.permissions ?? {})) {
    const user = findAccount(store, login);
    if (!user) throw new Error(`"${login}" has a permission on ${fullNameOf(repository)} but is no user`);
    repository.collaborators.set(user, role);
  }
  for (const [branch, { checks }] of Object.entries(seed.protect ?? {})) {
    repository.protections.set(branch, {
      ...emptyProtection(),
      checks: checks.map((context) => ({ context, appId: app.id })),
      requirePullRequest: true,
      mergeQueue: seed.mergeQueue === true,
    });
  }
  if (seed.files && seed.files.size > 0) await firstCommit(hub, repository, seed.files);
  return repository;
}

async function firstCommit(
  hub: Hub,
  repository: Repository,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const git = hub.git(repository);
  const changes = await Promise.all(
    [...files].map(async ([path, content]) => ({
      path,
      mode: "100644",
      sha: await git.write("blob", content),
    })),
  );
  const date = hub.store.now();
  const person = { name: repository.owner.login, email: repository.owner.email, date, zone: "+0000" };
  const tree = await writeTree(git, null, changes);
  const commit = formatCommit({
    tree,
    parents: [],
    author: person,
    committer: person,
    message: "Initial commit\n",
    signature: null,
  });
  const after = await git.write("commit", commit);
  await git.move([{ ref: "refs/heads/main", before: zeroSha, after }]);
  repository.activities.push({
    id: hub.store.nextId(),
    ref: "refs/heads/main",
    before: zeroSha,
    after,
    actor: repository.owner,
    timestamp: date,
    type: "branch_creation",
  });
}

/** Installs the App for these repositories: one installation per account, as on github.com. */
export function installApp(hub: Hub, app: App, repositories: readonly Repository[]): Installation[] {
  const { store } = hub;
  return repositories.map((repository) => {
    const there = store.installations.find((one) => one.account === repository.owner);
    const installation: Installation = there ?? {
      id: store.nextId(),
      app,
      account: repository.owner,
      repositories: new Set(),
      suspended: false,
      createdAt: store.now(),
    };
    installation.repositories.add(repository);
    if (!there) store.installations.push(installation);
    return installation;
  });
}
