/** Where each person stands after all their reviews. */

import type { Person, Review } from "../model/pull.ts";

/** Somebody's standing opinion; `reviews` are those that may carry it, newest first. */
export interface Standing {
  readonly person: Person;
  readonly state: "approved" | "changes-requested";
  readonly reviews: readonly Review[];
}

/**
 * The opinions that stand, one for each person: the latest review that says yes or no decides, by time and not by the order
 * of the list. Comments change nothing. A dismissed review counts no more and brings no earlier one back. Several approvals
 * in a row all stand, because none of them was withdrawn: whichever saw the present change may carry it.
 */
export function standingOpinions(reviews: readonly Review[]): readonly Standing[] {
  const byPerson = Map.groupBy(reviews.filter(decides).sort(newestFirst), (review) => review.author.id);
  return [...byPerson.values()].flatMap((own) => {
    const latest = own[0];
    if (latest === undefined || (latest.state !== "approved" && latest.state !== "changes-requested"))
      return [];
    const turn = own.findIndex((review) => review.state !== latest.state);
    const run = turn < 0 ? own : own.slice(0, turn);
    return [{ person: latest.author, state: latest.state, reviews: run }];
  });
}

function decides(review: Review): boolean {
  return review.state !== "commented" && review.state !== "pending";
}

function newestFirst(a: Review, b: Review): number {
  return Date.parse(b.submittedAt) - Date.parse(a.submittedAt) || b.id - a.id;
}
