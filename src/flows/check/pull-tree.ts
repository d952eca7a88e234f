/** Why one pull request waits, judged anew and written nowhere. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { type VerdictTree, verdictTree } from "../../signoff/verdict-tree.ts";
import { openBench } from "./check-bench.ts";
import { type Judgement, judgePull } from "./check-judge.ts";
import { problemText, titleOf } from "./check-report.ts";
import type { World } from "../world.ts";

/** The tree of a pull request as it is now; it needs a forge that may read. `not-found` where there is none. */
export async function treeOfPull(
  world: Pick<World, "forge" | "targets" | "threads" | "clock">,
  { repository, forge }: { readonly repository: RepositoryRef; readonly forge: RepositoryForge },
  number: number,
): Promise<Result<VerdictTree>> {
  const pull = await forge.pulls.get(number);
  if (!pull.ok) return pull;
  if (pull.value.state === "closed")
    return ok(nothing("This pull request is closed: nothing waits for sign-off."));
  const head = await forge.code.head();
  if (!head.ok) return head;
  if (pull.value.baseBranch !== head.value.branch)
    return ok(nothing("Only pull requests onto the default branch are signed off."));
  const bench = await openBench(world, { repository, forge }, head.value);
  if (!bench.ok) return bench;
  if (bench.value === null)
    return ok(
      nothing("This repository has no configuration for Lockkeeper, so nothing is to be signed off."),
    );
  const compared = await forge.code.compare(head.value.sha, pull.value.headSha);
  const judged = await judgePull(bench.value, pull.value, compared);
  return judged.ok ? ok(treeOf(judged.value)) : judged;
}

function nothing(title: string): VerdictTree {
  return { satisfied: true, title, gates: [], people: [], next: [] };
}

function treeOf(judgement: Judgement): VerdictTree {
  if (judgement.type === "verdict") return verdictTree(judgement.verdict);
  if (judgement.type === "unwatched")
    return nothing("Lockkeeper only looks on in this repository: nothing is to be signed off.");
  const next =
    judgement.type === "broken"
      ? judgement.problems.map((problem) => `repair ${problemText(problem)}`)
      : [judgement.why];
  return { satisfied: false, title: titleOf(judgement), gates: [], people: [], next };
}
