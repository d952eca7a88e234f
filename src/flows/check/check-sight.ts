/** What an approver had before their eyes, compared with the pull request as it is now. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { Comparison, PullMoves, PullRequest, Review } from "../../model/pull.ts";
import type { Sight } from "../../signoff/facts.ts";
import type { Standing } from "../../signoff/opinions.ts";
import { commitsSeen, unseenInFork } from "../../signoff/sight.ts";
import type { Bench } from "./check-bench.ts";
import type { Moves } from "./check-moves.ts";
import { type Difference, differenceOf } from "./check-same.ts";

/** What a reviewer's approval is compared with: the pull request as it is now. */
export interface Present {
  readonly pull: PullRequest;
  readonly comparison: Comparison;
  readonly moves: Moves;
}

/** For one pull request and one run: what was asked once is not asked again for the next approver. */
interface Memory {
  moves?: Promise<Result<PullMoves>>;
  readonly differences: Map<string, Promise<Result<Difference>>>;
}

/**
 * Answers for each standing approval the best of the reviews that carry it: any of them may have been given for the change
 * as it is now.
 */
export function sightOf(bench: Bench, present: Present): (standing: Standing) => Promise<Result<Sight>> {
  const memory: Memory = { differences: new Map() };
  return async ({ reviews }) => {
    const { moves } = present;
    if (!moves.known && moves.fork !== true) return ok({ type: "unproven", why: moves.why });
    let latest: Sight | undefined;
    for (const review of reviews) {
      const saw = await reviewSight(bench, present, memory, review);
      if (!saw.ok || saw.value.type === "same") return saw;
      latest ??= saw.value;
    }
    return ok(latest ?? { type: "unproven", why: "approved nothing that is known" });
  };
}

async function reviewSight(
  bench: Bench,
  present: Present,
  memory: Memory,
  review: Review,
): Promise<Result<Sight>> {
  const { pull, moves } = present;
  const seen = moves.known ? commitsSeen(moves.moves, review) : [pull.headSha];
  if (seen.length === 0)
    return ok({ type: "unproven", why: "approved before GitHub's list of the branch's moves begins" });
  for (const sha of seen.filter((sha) => sha !== pull.headSha)) {
    const difference = await remembered(memory, sha, () => differenceNow(bench, present, sha));
    if (!difference.ok) return lost(difference.failure) ? ok(gone(sha)) : difference;
    if (difference.value !== null) return ok({ type: "other", sha, difference: difference.value });
  }
  memory.moves ??= bench.forge.pulls.moves(pull.number);
  const disturbed = await memory.moves;
  if (!disturbed.ok) return disturbed.failure.code === "incomplete" ? ok(retargeted) : disturbed;
  if (isAtOrAfter(disturbed.value.retargetedAt, review)) return ok(retargeted);
  if (moves.known) return ok({ type: "same" });
  const why = unseenInFork(review, headOf(present), disturbed.value.headForcedAt);
  return ok(why === null ? { type: "same" } : { type: "unproven", why });
}

/** The same head shows another change on another base, and GitHub keeps a review when somebody points it there. */
const retargeted: Sight = { type: "unproven", why: "approved it before it was pointed at this base" };

function isAtOrAfter(time: string | null, { submittedAt }: Review): boolean {
  return time !== null && Date.parse(submittedAt) <= Date.parse(time);
}

function headOf({ pull, comparison }: Present): { readonly sha: string; readonly parents: number } {
  const commit = comparison.commits.find(({ sha }) => sha === pull.headSha);
  return { sha: pull.headSha, parents: commit?.parents.length ?? 0 };
}

function remembered(
  { differences }: Memory,
  sha: string,
  ask: () => Promise<Result<Difference>>,
): Promise<Result<Difference>> {
  const known = differences.get(sha) ?? ask();
  differences.set(sha, known);
  return known;
}

async function differenceNow(bench: Bench, present: Present, sha: string): Promise<Result<Difference>> {
  const { pull, comparison } = present;
  const then = await bench.forge.code.compare(bench.policy.base.sha, sha);
  if (!then.ok) return then;
  return differenceOf(bench, pull, { sha, comparison: then.value }, { sha: pull.headSha, comparison });
}

/** What was force-pushed away can be collected as garbage, and a list that is cut compares with nothing. */
function lost({ code }: Failure): boolean {
  return code === "not-found" || code === "incomplete" || code === "too-large" || code === "malformed";
}

function gone(sha: string): Sight {
  return { type: "unproven", why: `approved ${sha.slice(0, 7)}, which cannot be read any more` };
}
