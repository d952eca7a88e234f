/** Builds one pull request of ours anew, because a person asked for it. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { tipOf } from "./pull-tip.ts";
import { scan } from "./scan.ts";
import type { World } from "../world.ts";

/**
 * Puts the branch of an open pull request on the head of the default branch, with the values that are wanted now; it is
 * closed where nothing is wanted any more. Commits of others are dropped where `discard` says so; else `rejected`, as when it
 * is not open, or stands in a merge queue.
 */
export async function rebuildPull(
  world: World,
  repository: RepositoryRef,
  { number, discard }: { readonly number: number; readonly discard: boolean },
): Promise<Result<void>> {
  const forge = world.forge.open(repository, "scan");
  const pull = await forge.pulls.get(number);
  if (!pull.ok) return pull;
  if (pull.value.state !== "open") return fail("rejected", "the pull request is not open");
  const queued = await forge.merges.queued(pull.value.baseBranch);
  if (!queued.ok) return queued;
  if (queued.value.has(number))
    return fail("rejected", "it is in the merge queue, which a change would throw it out of");
  if (!discard) {
    const [head, self] = [await forge.code.head(), await world.forge.self()];
    if (!head.ok) return head;
    if (!self.ok) return self;
    const tip = await tipOf(forge, { head: head.value.sha, self: self.value }, pull.value);
    if (!tip.ok) return tip;
    if (tip.value === "foreign") return fail("rejected", editedReason);
  }
  const scanned = await scan(world, repository, { rebuild: number });
  return scanned.ok ? ok(undefined) : scanned;
}

const editedReason =
  "somebody else has pushed to its branch, and that would be lost; /lockkeeper discard-edits drops it";
