/** The pull requests onto the default branch: which of them are ours, and how ours stand. */

import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import { branchPrefix, nextSibling } from "../../plan/branch.ts";
import { readBumpMarker } from "../../plan/bump-marker.ts";
import type { OpenPull } from "../../plan/open-pull.ts";
import { baseHistory } from "../landing/base-history.ts";
import { sealOf } from "./bump-seal.ts";
import { isOwnBump } from "./own-pull.ts";
import { tipOf } from "./pull-tip.ts";
import { type Bench, closePull } from "./scan-write.ts";

export interface OpenPulls {
  readonly ours: readonly OpenPull[];
  readonly others: readonly PullRequest[];
}

/** Ours are pointed at the branch that is the default one now, if people have made it another. */
export async function openPulls(bench: Bench): Promise<Result<OpenPulls>> {
  const { world, repository, forge, head, self } = bench;
  const open = await forge.pulls.open();
  if (!open.ok) return open;
  const ours: OpenPull[] = [];
  const isBelow = await baseHistory(world, repository, forge.code, head);
  for (const listed of open.value.filter((pull) => isOwnBump(bench, pull))) {
    const pointed = await pointedAt(bench, listed);
    if (!pointed.ok) return pointed;
    if (pointed.value === null) continue;
    const pull = pointed.value;
    const tip = await tipOf(forge, { head: head.sha, self }, pull);
    if (!tip.ok) return tip;
    const marker = readBumpMarker(pull.body);
    const rooted = marker?.base === undefined ? ok(true) : await isBelow(marker.base);
    if (!rooted.ok) return rooted;
    const sealed = marker !== undefined && marker.seal === sealOf(bench, pull.headBranch, marker.bumps);
    ours.push({ pull, tip: tip.value, uprooted: !rooted.value, unsealed: !sealed });
  }
  const onto = open.value.filter(({ baseBranch }) => baseBranch === head.branch);
  return ok({ ours, others: onto.filter((pull) => !isOwnBump(bench, pull)) });
}

/** Null where that branch has all of it already: it is closed then, as GitHub points nothing at a branch that it is part of. */
async function pointedAt(bench: Bench, pull: PullRequest): Promise<Result<PullRequest | null>> {
  const { forge, head } = bench;
  if (pull.baseBranch === head.branch) return ok(pull);
  const pointed = await forge.pulls.update(pull.number, { base: head.branch });
  if (pointed.ok || pointed.failure.code !== "rejected") return pointed;
  const compared = await forge.code.compare(head.sha, pull.headSha);
  if (!compared.ok) return compared;
  if (!["behind", "identical"].includes(compared.value.status)) return pointed;
  const closed = await closePull(bench, pull, "another branch is the default one now, and has it already.");
  return closed.ok ? ok(null) : closed;
}

/** Asked for at most, in a repository of so many pull requests that one listing does not have all. */
const mostBranches = 50;

/**
 * Closed pull requests of ours: all from these branches and from those of their next siblings, whenever they were closed, and
 * of others what one listing has. One request, and two for each branch where GitHub cut the listing.
 */
export async function closedPulls(
  bench: Bench,
  branches: readonly string[],
): Promise<Result<readonly PullRequest[]>> {
  const { forge, head } = bench;
  const closed = await forge.pulls.closed(branchPrefix);
  if (!closed.ok) return closed;
  const found = new Map(closed.value.pulls.map((pull) => [pull.number, pull]));
  const asked = closed.value.complete ? [] : branches.slice(0, mostBranches);
  for (const branch of asked.flatMap((root) => [root, nextSibling(root)])) {
    const earlier = await forge.pulls.from(head.owner, branch);
    if (!earlier.ok) return earlier;
    for (const pull of earlier.value) if (pull.state === "closed") found.set(pull.number, pull);
  }
  return ok([...found.values()].filter((pull) => isOwnBump(bench, pull)));
}
