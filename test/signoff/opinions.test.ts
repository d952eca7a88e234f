import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Review } from "../../src/model/pull.ts";
import { standingOpinions } from "../../src/signoff/opinions.ts";
import { review } from "./people.ts";

const table: readonly [name: string, reviews: readonly Review[], stands: readonly string[]][] = [
  ["no review", [], []],
  ["an approval", [review("ada", "approved", "10:00:00")], ["ada approved 1"]],
  [
    "a comment after an approval changes nothing",
    [review("ada", "approved", "10:00:00"), review("ada", "commented", "11:00:00")],
    ["ada approved 1"],
  ],
  [
    "a pending review is not there yet",
    [review("ada", "approved", "10:00:00"), review("ada", "pending", "11:00:00")],
    ["ada approved 1"],
  ],
  [
    "a request for changes supersedes",
    [review("ada", "approved", "10:00:00"), review("ada", "changes-requested", "11:00:00")],
    ["ada changes-requested 1"],
  ],
  [
    "an approval supersedes, and does not stand on what came before the request",
    [
      review("ada", "approved", "09:00:00"),
      review("ada", "changes-requested", "10:00:00"),
      review("ada", "approved", "11:00:00"),
    ],
    ["ada approved 1"],
  ],
  ["a dismissed approval", [review("ada", "dismissed", "10:00:00")], []],
  [
    "a dismissed request for changes brings no earlier approval back",
    [review("ada", "approved", "10:00:00"), review("ada", "dismissed", "11:00:00")],
    [],
  ],
  [
    "approvals in a row all stand",
    [review("ada", "approved", "10:00:00"), review("ada", "approved", "11:00:00")],
    ["ada approved 2"],
  ],
  [
    "people stand each for themselves",
    [review("ada", "approved", "10:00:00"), review("grace", "changes-requested", "11:00:00")],
    ["grace changes-requested 1", "ada approved 1"],
  ],
];

const text = (reviews: readonly Review[]) =>
  standingOpinions(reviews).map(({ person, state, reviews }) => `${person.login} ${state} ${reviews.length}`);

describe("the opinions that stand", () => {
  test.each(table)("%s", (_, reviews, stands) => {
    expect(text(reviews)).toEqual(stands);
  });

  test("the order of the list does not matter, only time", () => {
    const states = ["approved", "changes-requested", "commented", "dismissed"] as const;
    const anyReview = fc
      .tuple(fc.constantFrom("ada", "grace"), fc.constantFrom(...states), fc.integer({ min: 10, max: 59 }))
      .map(([login, state, minute]) => review(login, state, `10:${minute}:00`));
    const anyReviews = fc.uniqueArray(anyReview, { selector: ({ id }) => id });
    const shuffled = anyReviews.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(text(one).sort()).toEqual(text(other).sort());
      }),
    );
  });
});
