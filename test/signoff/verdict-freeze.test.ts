import { describe, expect, test } from "vitest";
import { configPath } from "../../src/config/config.ts";
import { approval } from "./people.ts";
import { by, hand, stale, table, verdictOf } from "./verdict-table.ts";

const holidays =
  "{ name: holidays, environments: [production], begins: 2026-12-24T00:00, ends: 2027-01-02T00:00, timezone: Europe/Berlin, except: [team:acme/incident] }";
const production =
  "{ name: production, when: { environment: production }, need: { approvals: 1, anyOf: [team:acme/sre] } }";
const quick =
  "{ name: quick, when: { kind: rollback }, need: { approvals: 1, anyOf: [team:acme/oncall] }, instead: [production], duringFreeze: true }";
const rules = `{ owners: [team:acme/platform], rules: [${production}, ${quick}], freeze: [${holidays}] }`;
const two = `{ rules: [${production}], freeze: [${holidays}, { name: audit, begins: 2026-12-30, ends: 2027-01-05 }] }`;
const during = { now: "2026-12-28T12:00:00Z" };
const frozen = "Frozen until 2 January 2027, 00:00 Europe/Berlin (holidays).";

describe("a freeze", () => {
  table([
    ["has not begun", rules, { now: "2026-12-23T22:59:59Z", reviews: [by("grace")] }, "Signed off by grace."],
    ["begins", rules, { now: "2026-12-23T23:00:00Z", reviews: [by("grace")] }, frozen],
    ["holds", rules, { ...during, reviews: [by("grace")] }, frozen],
    ["has its last second", rules, { now: "2027-01-01T22:59:59Z", reviews: [by("grace")] }, frozen],
    ["is over", rules, { now: "2027-01-01T23:00:00Z", reviews: [by("grace")] }, "Signed off by grace."],
    ["waits for people as well", rules, during, `${frozen} Waiting for 1 of acme/sre.`],
    [
      "is not about another environment",
      rules,
      { ...during, apps: ["web staging"], reviews: [by("mallory")], author: "bob" },
      "Signed off by mallory.",
    ],
    [
      "is about one app of two",
      rules,
      { ...during, apps: ["web production", "web staging"], reviews: [by("grace")] },
      frozen,
    ],
    [
      "is not about what touches no app",
      rules,
      { ...during, apps: [], paths: ["README.md"] },
      "Nothing to sign off: no app and no configuration is touched.",
    ],
    [
      "is not about the configuration",
      rules,
      { ...during, apps: [], paths: [configPath], reviews: [by("ada")] },
      "Signed off by ada.",
    ],
    [
      "is opened by whom it excepts, who signs for nothing else",
      rules,
      { ...during, reviews: [by("bob")] },
      "Waiting for 1 of acme/sre. bob counts.",
    ],
    [
      "is opened beside the sign-off",
      rules,
      { ...during, reviews: [by("bob"), by("grace")] },
      "Signed off by grace and bob.",
    ],
    [
      "is not opened by whom it excepts for another change",
      rules,
      { ...during, reviews: [stale("bob"), by("grace")] },
      frozen,
    ],
    [
      "is not opened by whom it excepts and who wrote it",
      rules,
      { ...during, author: "bob", reviews: [by("bob"), by("grace")] },
      frozen,
    ],
    [
      "is not opened by whom it excepts and who pushed it",
      rules,
      { ...during, reviews: [by("bob"), by("grace")], hands: [hand("bob", "pusher")] },
      frozen,
    ],
    [
      "is opened by a rule that may",
      rules,
      { ...during, kinds: ["rollback"], reviews: [by("bob")] },
      "Signed off by bob.",
    ],
    [
      "is not opened by such a rule that waits",
      rules,
      { ...during, kinds: ["rollback"], reviews: [by("grace")] },
      frozen,
    ],
    [
      "nor for what comes beside",
      rules,
      { ...during, kinds: ["rollback", "other"], reviews: [by("grace"), by("ada")] },
      `${frozen} Waiting for 1 of acme/oncall. grace counts; ada does not: is none of those who are asked.`,
    ],
    [
      "nor for what comes beside, though it is met",
      rules,
      {
        ...during,
        kinds: ["rollback", "other"],
        reviews: [by("grace"), approval("eve", ["team:acme/oncall"])],
      },
      frozen,
    ],
    [
      "two, both are named and the later ends it",
      two,
      { now: "2026-12-31T00:00:00Z", reviews: [by("grace")] },
      "Frozen until 5 January 2027, 00:00 UTC (holidays, audit).",
    ],
    [
      "two, of which one is opened",
      two,
      { now: "2026-12-31T00:00:00Z", reviews: [by("grace"), by("bob")] },
      "Frozen until 5 January 2027, 00:00 UTC (audit).",
    ],
    [
      "in another environment by glob",
      "{ freeze: [{ name: f, environments: 'prod*', begins: 2026-12-01, ends: 2026-12-31 }] }",
      { reviews: [by("ada")] },
      "Frozen until 31 December 2026, 00:00 UTC (f).",
    ],
  ]);

  test.each([
    ["2026-12-01T00:00:00Z", "2026-12-23T23:00:00.000Z"],
    ["2026-12-28T00:00:00Z", "2027-01-01T23:00:00.000Z"],
    ["2027-02-01T00:00:00Z", null],
  ])("seen at %s, the verdict is to be looked at again at %s", (now, at) => {
    expect(verdictOf(rules, { now }).reconsiderAt).toBe(at);
  });

  test("which is not about the change never calls it back", () => {
    expect(verdictOf(rules, { apps: ["web staging"] }).reconsiderAt).toBeNull();
  });
});
