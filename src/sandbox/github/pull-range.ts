/** What a pull request holds: its commits and files, from the merge base to its head. */

import { changedFiles, type ChangedFile } from "./git/changed-files.ts";
import type { Hub } from "./hub.ts";
import type { PullRequest } from "./pull-state.ts";
import type { Repository } from "./repository-state.ts";

/** Tip of the base while it is open; where the base stood when it was closed. */
export async function baseOf(hub: Hub, repository: Repository, pull: PullRequest): Promise<string> {
  if (pull.issue.state === "closed") return pull.baseSha;
  return (await hub.git(repository).ref(`refs/heads/${pull.baseBranch}`)) ?? pull.baseSha;
}

/** Oldest first. */
export async function commitsOf(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
): Promise<readonly string[]> {
  return await hub.git(repository).between(await baseOf(hub, repository, pull), pull.headSha);
}

/** In order of path. */
export async function filesOf(
  hub: Hub,
  repository: Repository,
  pull: PullRequest,
): Promise<readonly ChangedFile[]> {
  const git = hub.git(repository);
  const base = await baseOf(hub, repository, pull);
  return await changedFiles(git, (await git.mergeBase(base, pull.headSha)) ?? base, pull.headSha);
}
