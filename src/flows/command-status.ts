/** What `/lockkeeper status` answers: the judgement of the check, made anew. */

import { type Result, ok } from "../model/failure.ts";
import type { RepositoryRef } from "../model/repository.ts";
import { openBench } from "./check-bench.ts";
import { judgePull } from "./check-judge.ts";
import { judgementBlocks, titleOf } from "./check-report.ts";
import type { World } from "./world.ts";

/** Markdown blocks, the first of them one sentence. */
export async function statusOf(
  world: World,
  repository: RepositoryRef,
  number: number,
): Promise<Result<readonly string[]>> {
  const forge = world.forge.open(repository, "check");
  const pull = await forge.pulls.get(number);
  if (!pull.ok) return pull;
  if (pull.value.state === "closed") return ok(["This pull request is closed: nothing waits for sign-off."]);
  const head = await forge.code.head();
  if (!head.ok) return head;
  if (pull.value.baseBranch !== head.value.branch)
    return ok(["Only pull requests onto the default branch are signed off."]);
  const bench = await openBench(world, { repository, forge }, head.value);
  if (!bench.ok) return bench;
  if (bench.value === null)
    return ok(["This repository has no configuration for Lockkeeper, so nothing is to be signed off."]);
  const compared = await forge.code.compare(head.value.sha, pull.value.headSha);
  const judged = await judgePull(bench.value, pull.value, compared);
  if (!judged.ok) return judged;
  const judgement = judged.value;
  if (judgement.type === "unwatched")
    return ok(["Lockkeeper only looks on in this repository: nothing is to be signed off."]);
  return ok([titleOf(judgement), ...judgementBlocks(judgement)]);
}
