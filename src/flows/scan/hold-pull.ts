/** Says no to the versions of a pull request of ours, and takes that back. */

import { readValue } from "../../manifests/image-value.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { heldBody, resumedBody, saysAlready } from "../../plan/body-notices.ts";
import { readBumpMarker } from "../../plan/bump-marker.ts";
import { isHolding } from "../../plan/holds.ts";
import type { World } from "../world.ts";

/** Which versions; null for all of the pull request. `by` is the login of who says so, `why` in their words. */
export interface HoldWish {
  readonly version: string | null;
  readonly why: string | null;
  readonly by: string;
}

/**
 * Closes an open pull request so that it holds its versions, or only the one that is named: what else it moves is proposed
 * anew. `rejected` where there is nothing to hold. Saying it twice changes nothing: the answer to the first may get lost.
 */
export async function holdPull(
  world: World,
  repository: RepositoryRef,
  number: number,
  { version, why, by }: HoldWish,
): Promise<Result<void>> {
  const { pulls, code } = world.forge.open(repository, "scan");
  const pull = await pulls.get(number);
  if (!pull.ok) return pull;
  const { merged, state, body, headBranch } = pull.value;
  const finish = async (): Promise<Result<void>> => {
    world.queue.add({ flow: "scan", repository });
    const deleted = await code.deleteBranch(headBranch);
    return deleted.ok || deleted.failure.code === "not-found" ? ok(undefined) : deleted;
  };
  if (merged)
    return fail("rejected", "it is merged: take it back on the default branch, and that is remembered");
  if (state === "closed") {
    if (saysAlready(body, "held", by)) return finish();
    return fail("rejected", "it is closed, which holds its versions already");
  }
  const marker = readBumpMarker(body);
  if (marker === undefined)
    return fail(
      "rejected",
      "its description was changed, so that what it moves is not known; close it instead",
    );
  const bumps = marker.bumps.filter(({ to }) => version === null || readValue(to)?.tag === version);
  if (bumps.length === 0) return fail("rejected", `it moves nothing to ${version ?? "another version"}`);
  const closed = await pulls.update(number, { state: "closed", body: heldBody(body, by, { why, bumps }) });
  return closed.ok ? finish() : closed;
}

/** Lets a closed or reverted pull request hold nothing any more. `rejected` where it holds nothing. */
export async function resumePull(
  world: World,
  repository: RepositoryRef,
  number: number,
  by: string,
): Promise<Result<void>> {
  const { pulls } = world.forge.open(repository, "scan");
  const pull = await pulls.get(number);
  if (!pull.ok) return pull;
  if (pull.value.state === "open") return fail("rejected", "it is open, so that it holds no version");
  const { body } = pull.value;
  const said = saysAlready(body, "resumed", by);
  if (!said && !isHolding(pull.value)) return fail("rejected", "it holds no version");
  const updated = said ? pull : await pulls.update(number, { body: resumedBody(body, by) });
  if (!updated.ok) return updated;
  world.queue.add({ flow: "scan", repository });
  return ok(undefined);
}
