import { describe, expect, test } from "vitest";
import { auditRecord } from "../../signoff/records.ts";
import { type Spoken, checkReport } from "../../../src/flows/check/check-report.ts";

const satisfied = (pull: number): Spoken => ({
  type: "verdict",
  pull,
  passing: false,
  audit: auditRecord(pull),
  verdict: {
    pull,
    satisfied: true,
    judged: [],
    discounted: [],
    objections: [],
    unattributed: [],
    freezes: [],
    reconsiderAt: null,
  },
});
const waiting = (pull: number): Spoken => ({
  type: "verdict",
  pull,
  passing: false,
  audit: auditRecord(pull),
  verdict: {
    pull,
    satisfied: false,
    judged: [],
    discounted: [],
    objections: [],
    unattributed: ["c0ffee11"],
    freezes: [],
    reconsiderAt: null,
  },
});
const broken = (pull: number): Spoken => ({
  type: "broken",
  pull,
  problems: [{ file: ".github/lockkeeper.yml", line: 3, column: 5, message: "`@all` <b>" }],
});

const id = (...all: [Spoken, ...Spoken[]]) => checkReport("sha", all).externalId;

describe("the report over several pull requests", () => {
  test.each<[string, readonly [Spoken, ...Spoken[]], string, string]>([
    ["one", [satisfied(1)], "success", "Nothing to sign off"],
    ["the one that waits", [satisfied(1), waiting(2)], "action_required", "Pull request 2: Commit c0ffee1"],
    ["the broken one", [waiting(1), broken(2)], "failure", "Pull request 2: .github/lockkeeper.yml:3:5: "],
    ["one that is too large", [{ type: "oversized", pull: 1, why: "300" }], "failure", "It changes more"],
  ])("%s decides", (_, judgements, conclusion, title) => {
    const report = checkReport("sha", judgements);
    expect(report.conclusion).toBe(conclusion);
    expect(report.title.startsWith(title)).toBe(true);
  });

  test("is the same for the same judgements in any order, and another for another", () => {
    expect(id(satisfied(1), waiting(2))).toBe(id(waiting(2), satisfied(1)));
    expect(new Set([id(satisfied(1)), id(satisfied(2)), id(waiting(1)), id(broken(1))]).size).toBe(4);
  });

  test("quotes problems inertly", () => {
    expect(checkReport("sha", [broken(1)]).summary).toContain("- ``.github/lockkeeper.yml:3:5: `@all` <b>``");
  });
});
