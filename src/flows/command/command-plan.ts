/** What `/lockkeeper plan` does: the plan is made anew, and the answer says where it stands. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { planCheck } from "../plan/plan-report.ts";
import type { World } from "../world.ts";

/** Blocks of Markdown. */
export async function replan(
  { forge, queue, cluster }: World,
  repository: RepositoryRef,
  number: number,
): Promise<Result<readonly string[]>> {
  if (cluster === null) return ok(["Lockkeeper runs without a cluster here, so that there are no plans."]);
  const pull = await forge.open(repository, "command").pulls.get(number);
  if (!pull.ok) return pull;
  if (pull.value.state === "closed") return ok(["This pull request is closed: there is nothing to plan."]);
  queue.add({ flow: "plan", repository, sha: pull.value.headSha, anew: true });
  return ok([
    `The plan is made anew. It stands in the check [\`${planCheck}\`](../pull/${number}/checks), and is only written again where it says something else.`,
  ]);
}
