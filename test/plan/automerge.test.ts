import { expect, test } from "vitest";
import { mergesByItself } from "../../src/plan/automerge.ts";

const automerge = new Map([
  ["staging", ["patch", "digest"] as const],
  ["qa", ["patch"] as const],
  ["production", []],
]);

test.each([
  [["patch"], ["staging"], true],
  [["patch", "digest"], ["staging"], true],
  [["patch", "minor"], ["staging"], false],
  [["patch"], ["staging", "qa"], true],
  [["digest"], ["staging", "qa"], false],
  [["patch"], ["production"], false],
  [["patch"], ["elsewhere"], false],
  [["other"], ["staging"], false],
  [[], ["staging"], false],
  [["patch"], [], false],
] as const)("changes of %j in %j merge by themselves: %s", (kinds, environments, expected) => {
  expect(mergesByItself(automerge, kinds, environments)).toBe(expected);
});
