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
export async function commitsOf(hub: Hub, repository: Repository, pull: PullRequest): Promise<string[]> {
  const base = await baseOf(hub, repository, pull);
  return await commitsBetween(hub, repository, base, pull.headSha);
}

/** What the head has and the base has not, oldest first. */
export async function commitsBetween(
  hub: Hub,
  repository: Repository,
  base: string,
  head: string,
): Promise<string[]> {
  const git = hub.git(repository);
  const listed = await git.run(["rev-list", "--reverse", "--topo-order", head, `^${base}`]);
  return listed.toString("utf8").split("\n").filter(Boolean);
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
