/** Reads a ref as a client of the REST API sees it, which a fault may make stale. */

import type { Hub } from "./hub.ts";
import type { Repository } from "./repository-state.ts";

/** The commit or tag of a full ref name; undefined where there is none. */
export async function readRef(hub: Hub, repository: Repository, ref: string): Promise<string | undefined> {
  const sha = await hub.git(repository).ref(ref);
  return hub.faults.readRef ? hub.faults.readRef(repository, ref, sha) : sha;
}

/** The commit that a branch, tag, full ref or id names; branches go through the faults. */
export async function resolveCommit(
  hub: Hub,
  repository: Repository,
  name: string,
): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(name)) return await hub.git(repository).commitOf(name);
  const branch = name.startsWith("refs/heads/") ? name : `refs/heads/${name.replace(/^heads\//, "")}`;
  const tip = await readRef(hub, repository, branch);
  if (tip !== undefined) return tip;
  return /[~^:@{]|\.\./.test(name) ? undefined : await hub.git(repository).commitOf(name);
}
