import { describe, expect, test } from "vitest";
import { guardBlock, guardProblems } from "../../src/signoff/guard-text.ts";

const good = {
  check: "ours",
  pullRequests: "required",
  dismissesStale: false,
  lastPushApproval: false,
} as const;

describe("what guards the default branch", () => {
  test.each([
    ["is as it should be", good, []],
    ["lacks the check", { ...good, check: "none" }, ["merges whatever it says"]],
    ["takes the check from anybody", { ...good, check: "any" }, ["whoever can write can set it"]],
    ["takes pushes", { ...good, pullRequests: "optional" }, ["past every pull request"]],
    ["is under classic protection", { ...good, pullRequests: "hidden" }, []],
    ["dismisses approvals", { ...good, dismissesStale: true }, ["dismisses approvals"]],
    ["wants another approver", { ...good, lastPushApproval: true }, ["after the last push"]],
  ] as const)("%s", (_, guard, problems) => {
    const told = guardProblems("main", guard);
    expect(told).toHaveLength(problems.length);
    problems.forEach((problem, at) => expect(told[at]).toContain(problem));
    expect(guardBlock("main", guard)).toContain("is shown to administrators only");
  });
});
