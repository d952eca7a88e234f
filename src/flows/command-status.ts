/** What `/lockkeeper status` answers: the judgement of the check, made anew. */

import { type Result, ok } from "../model/failure.ts";
import type { RepositoryRef } from "../model/repository.ts";
import { judgePull } from "./check-judge.ts";
import { readPolicy } from "./check-policy.ts";
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
  const policy = await readPolicy(world.threads, forge.code, head.value);
  if (!policy.ok) return policy;
  if (policy.value.type === "absent")
    return ok(["This repository has no configuration for Lockkeeper, so nothing is to be signed off."]);
  if (pull.value.baseBranch !== policy.value.base.branch)
    return ok(["Only pull requests onto the default branch are signed off."]);
  const self = await world.forge.self();
  if (!self.ok) return self;
  const { targets, threads } = world;
  const bench = { repository, forge, self: self.value, targets, threads, policy: policy.value };
  const compared = await forge.code.compare(policy.value.base.sha, pull.value.headSha);
  const judged = await judgePull(bench, pull.value, compared);
  if (!judged.ok) return judged;
  const judgement = judged.value;
  if (judgement.type === "unwatched")
    return ok(["Lockkeeper only looks on in this repository: nothing is to be signed off."]);
  return ok([titleOf(judgement), ...judgementBlocks(judgement)]);
}
