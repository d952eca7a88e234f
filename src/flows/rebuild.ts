/** Builds one pull request of ours anew, because a person asked for it. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { RepositoryRef } from "../model/repository.ts";
import { scan } from "./scan.ts";
import type { World } from "./world.ts";

/**
 * Puts the branch of an open pull request on the head of the default branch, with the values that are wanted now; commits of
 * others on it are dropped, and it is closed where nothing is wanted any more. `rejected` when it is not open.
 */
export async function rebuildPull(
  world: World,
  repository: RepositoryRef,
  number: number,
): Promise<Result<void>> {
  const pull = await world.forge.open(repository, "scan").pulls.get(number);
  if (!pull.ok) return pull;
  if (pull.value.state !== "open") return fail("rejected", "the pull request is not open");
  const scanned = await scan(world, repository, { rebuild: number });
  return scanned.ok ? ok(undefined) : scanned;
}
