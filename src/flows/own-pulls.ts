/** The pull requests onto the default branch: which of them are ours, and how ours stand. */

import { type Result, ok } from "../model/failure.ts";
import type { PullRequest } from "../model/pull.ts";
import { branchPrefix } from "../plan/branch.ts";
import { readBumpMarker } from "../plan/bump-marker.ts";
import type { OpenPull } from "../plan/open-pull.ts";
import { baseHistory } from "./base-history.ts";
import { sealOf } from "./bump-seal.ts";
import { tipOf } from "./pull-tip.ts";
import type { Bench } from "./scan-write.ts";

export interface OpenPulls {
  readonly ours: readonly OpenPull[];
  readonly others: readonly PullRequest[];
}

export async function openPulls(bench: Bench): Promise<Result<OpenPulls>> {
  const { world, repository, forge, head, self } = bench;
  const open = await forge.pulls.open(head.branch);
  if (!open.ok) return open;
  const ours: OpenPull[] = [];
  const isBelow = await baseHistory(world, repository, forge.code, head);
  for (const pull of open.value.filter((pull) => isOurs(bench, pull))) {
    const tip = await tipOf(forge, { head: head.sha, self }, pull);
    if (!tip.ok) return tip;
    const marker = readBumpMarker(pull.body);
    const rooted = marker?.base === undefined ? ok(true) : await isBelow(marker.base);
    if (!rooted.ok) return rooted;
    const sealed = marker !== undefined && marker.seal === sealOf(bench, pull.headBranch, marker.bumps);
    ours.push({ pull, tip: tip.value, uprooted: !rooted.value, unsealed: !sealed });
  }
  return ok({ ours, others: open.value.filter((pull) => !isOurs(bench, pull)) });
}

export async function closedPulls(bench: Bench): Promise<Result<readonly PullRequest[]>> {
  const closed = await bench.forge.pulls.closed(branchPrefix);
  return closed.ok ? ok(closed.value.filter((pull) => isOurs(bench, pull))) : closed;
}

/** Only what our App opened from a branch of this repository is ours, whatever it is called. */
function isOurs({ self, repository }: Pick<Bench, "self" | "repository">, pull: PullRequest): boolean {
  const named = pull.headBranch.startsWith(branchPrefix);
  return named && pull.author.id === self.id && pull.headRepository === repository.id;
}
