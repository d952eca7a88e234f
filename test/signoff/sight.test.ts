import { describe, expect, test } from "vitest";
import type { RefActivity } from "../../src/model/pull.ts";
import { commitsSeen, explains } from "../../src/signoff/sight.ts";
import { person, review } from "./people.ts";

const zero = "0".repeat(40);

/** Moves newest first, told as `time before after type`. */
function moves(...rows: string[]): readonly RefActivity[] {
  return rows
    .map((row) => {
      const [at = "", before = "", after = "", type = "push"] = row.split(" ");
      const made = before === "-" ? zero : before;
      return {
        before: made,
        after,
        actor: person("ada"),
        at: `2026-11-22T${at}Z`,
        type: type as RefActivity["type"],
      };
    })
    .reverse();
}

const created = "10:00:00 - one branch_creation";
const at = (time: string, commitSha: string) => review("grace", "approved", time, { commitSha });

describe("what a reviewer had before their eyes", () => {
  test.each([
    ["the head of that time", moves(created), at("10:05:00", "one"), ["one"]],
    ["not what was pushed afterwards", moves(created, "10:10:00 one two"), at("10:05:00", "one"), ["one"]],
    [
      "not what was forced afterwards, though the review's commit moved along",
      moves(created, "10:10:00 one two force_push"),
      at("10:05:00", "two"),
      ["one", "two"],
    ],
    [
      "an out-of-date page: both what it showed and the head",
      moves(created, "10:04:00 one two"),
      at("10:05:00", "one"),
      ["two", "one"],
    ],
    [
      "a push in the same second, review for the older: either",
      moves(created, "10:05:00 one two"),
      at("10:05:00", "one"),
      ["two", "one"],
    ],
    [
      "a push in the same second, review for the newer: either, as it may have been a merge of the base",
      moves(created, "10:05:00 one two"),
      at("10:05:00", "two"),
      ["two", "one"],
    ],
    [
      "a force-push in the same second: either",
      moves(created, "10:05:00 one two force_push"),
      at("10:05:00", "two"),
      ["two", "one"],
    ],
    [
      "a push in the same second and a force-push later: either, and where the review is now",
      moves(created, "10:05:00 one two", "10:09:00 two three force_push"),
      at("10:05:00", "three"),
      ["two", "one", "three"],
    ],
    ["the branch made in the same second", moves(created), at("10:00:00", "one"), ["one"]],
    ["a review older than the branch", moves(created), at("09:00:00", "one"), []],
    ["no moves at all", [], at("10:05:00", "one"), []],
  ])("%s", (_, moves, review, seen) => {
    expect(commitsSeen(moves, review)).toEqual(seen);
  });

  test("fractions of a second are not trusted", () => {
    const made = moves(created, "10:05:00.900 one two force_push");
    expect(commitsSeen(made, at("10:05:00.100", "two"))).toEqual(["two", "one"]);
  });
});

test("a list of moves that lags behind the branch explains nothing", () => {
  expect(explains(moves(created, "10:10:00 one two"), "two")).toBe(true);
  expect(explains(moves(created), "two")).toBe(false);
  expect(explains([], "two")).toBe(false);
});
