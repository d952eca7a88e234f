/** Where each reviewer stands: what they said, what they saw, and which approvers they are. */

import { type Failure, type Result, ok } from "../model/failure.ts";
import type { Comparison, PullRequest, Review } from "../model/pull.ts";
import type { Opinion, Sight } from "../signoff/facts.ts";
import { type Standing, standingOpinions } from "../signoff/opinions.ts";
import type { Approver } from "../signoff/rule.ts";
import { commitsSeen } from "../signoff/sight.ts";
import type { Bench } from "./check-bench.ts";
import { changeIdentity } from "./check-identity.ts";
import type { Moves } from "./check-moves.ts";
import { matchesOf } from "./check-people.ts";

/** What a reviewer's approval is compared with: the pull request as it is now. */
export interface Present {
  readonly pull: PullRequest;
  readonly comparison: Comparison;
  readonly moves: Moves;
}

export async function readStandings(
  { forge }: Bench,
  pull: PullRequest,
): Promise<Result<readonly Standing[]>> {
  const reviews = await forge.pulls.reviews(pull.number);
  return reviews.ok ? ok(standingOpinions(reviews.value)) : reviews;
}

/** One opinion for each person whose word stands. */
export async function weigh(
  bench: Bench,
  present: Present,
  standings: readonly Standing[],
  approvers: readonly Approver[],
): Promise<Result<readonly Opinion[]>> {
  const opinions: Opinion[] = [];
  for (const standing of standings) {
    const { person, state } = standing;
    const matches = await matchesOf(bench.forge.people, person, approvers);
    if (!matches.ok) return matches;
    const asked = state === "approved" && matches.value.length > 0;
    const saw = asked ? await sightOf(bench, present, standing) : ok<Sight>({ type: "same" });
    if (!saw.ok) return saw;
    opinions.push({ person, state, saw: saw.value, matches: matches.value });
  }
  return ok(opinions);
}

/** The best of the approvals that stand: any of them may have been given for the change as it is now. */
async function sightOf(bench: Bench, present: Present, { reviews }: Standing): Promise<Result<Sight>> {
  if (!present.moves.known) return ok({ type: "unproven", why: present.moves.why });
  let latest: Sight | undefined;
  for (const review of reviews) {
    const saw = await reviewSight(bench, present, review);
    if (!saw.ok || saw.value.type === "same") return saw;
    latest ??= saw.value;
  }
  return ok(latest ?? { type: "unproven", why: "approved nothing that is known" });
}

async function reviewSight(bench: Bench, present: Present, review: Review): Promise<Result<Sight>> {
  const moves = present.moves.known ? present.moves.moves : [];
  const seen = commitsSeen(moves, review);
  if (seen.length === 0)
    return ok({ type: "unproven", why: "approved before GitHub's list of the branch's moves begins" });
  for (const sha of seen.filter((sha) => sha !== present.pull.headSha)) {
    const equal = await sameChange(bench, present, sha);
    if (!equal.ok) return lost(equal.failure) ? ok(gone(sha)) : equal;
    if (!equal.value) return ok({ type: "other", sha });
  }
  return againstBase(bench, present, review);
}

/** The same head shows another change on another base, and GitHub keeps a review when somebody points it there. */
async function againstBase({ forge }: Bench, { pull }: Present, review: Review): Promise<Result<Sight>> {
  const changed = await forge.pulls.retargetedAt(pull.number);
  if (!changed.ok) {
    return changed.failure.code === "incomplete" ? ok(retargeted) : changed;
  }
  const before = changed.value !== null && Date.parse(review.submittedAt) <= Date.parse(changed.value);
  return ok(before ? retargeted : { type: "same" });
}

const retargeted: Sight = { type: "unproven", why: "approved it before it was pointed at this base" };

async function sameChange(bench: Bench, present: Present, sha: string): Promise<Result<boolean>> {
  const { pull, comparison } = present;
  const then = await bench.forge.code.compare(bench.policy.base.sha, sha);
  if (!then.ok) return then;
  const before = await changeIdentity(bench, pull, sha, then.value);
  if (!before.ok) return before;
  const now = await changeIdentity(bench, pull, pull.headSha, comparison);
  return now.ok ? ok(before.value === now.value) : now;
}

/** What was force-pushed away can be collected as garbage, and a list that is cut compares with nothing. */
function lost({ code }: Failure): boolean {
  return code === "not-found" || code === "incomplete" || code === "too-large" || code === "malformed";
}

function gone(sha: string): Sight {
  return { type: "unproven", why: `approved ${sha.slice(0, 7)}, which cannot be read any more` };
}
