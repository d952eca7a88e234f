/** Where each reviewer stands: what they said, what they saw, and which approvers they are. */

import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { Opinion, Sight } from "../../signoff/facts.ts";
import { type Standing, standingOpinions } from "../../signoff/opinions.ts";
import type { Approver } from "../../signoff/rule.ts";
import type { Bench } from "./check-bench.ts";
import { matchesOf } from "./check-people.ts";
import { type Present, sightOf } from "./check-sight.ts";

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
  const sight = sightOf(bench, present);
  const opinions: Opinion[] = [];
  for (const standing of standings) {
    const { person, state } = standing;
    const matches = await matchesOf(bench.forge.people, person, approvers);
    if (!matches.ok) return matches;
    const asked = state === "approved" && matches.value.length > 0;
    const saw = asked ? await sight(standing) : ok<Sight>({ type: "same" });
    if (!saw.ok) return saw;
    opinions.push({ person, state, saw: saw.value, matches: matches.value });
  }
  return ok(opinions);
}
