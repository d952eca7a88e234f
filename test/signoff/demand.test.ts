import { describe, expect, test } from "vitest";
import { demandsOf } from "../../src/signoff/demand.ts";
import type { Change } from "../../src/signoff/facts.ts";
import type { Rule, SignoffRules, When } from "../../src/signoff/rule.ts";
import { app, change, floor, need, person, platform, rules, sre } from "./people.ts";

const rule = (when: When, name = "rule"): Rule => ({ name, when, need: need(2, sre) });
const both = [app("web", "production"), app("worker", "staging")];

interface Row {
  readonly name: string;
  readonly rules: Partial<SignoffRules>;
  readonly change: Partial<Change>;
  readonly demands: readonly string[];
}

const table: readonly Row[] = [
  { name: "nothing touched, nothing demanded", rules: {}, change: { apps: [] }, demands: [] },
  { name: "no rule: the default", rules: {}, change: {}, demands: ["default"] },
  {
    name: "a rule without conditions covers every app",
    rules: { rules: [rule({})] },
    change: { apps: both },
    demands: ["rule"],
  },
  {
    name: "a rule for one environment leaves the other to the default",
    rules: { rules: [rule({ environments: ["production"] })] },
    change: { apps: both },
    demands: ["rule", "default"],
  },
  {
    name: "a rule for an environment that is not touched",
    rules: { rules: [rule({ environments: ["production"] })] },
    change: { apps: [app("web", "staging")] },
    demands: ["default"],
  },
  {
    name: "environment and app must hold for one and the same app",
    rules: { rules: [rule({ environments: ["production"], apps: ["worker"] })] },
    change: { apps: both },
    demands: ["default"],
  },
  {
    name: "globs in environments and apps",
    rules: { rules: [rule({ environments: ["prod*"] }, "a"), rule({ apps: ["w*"] }, "b")] },
    change: {},
    demands: ["a", "b"],
  },
  {
    name: "every rule that applies is demanded",
    rules: { rules: [rule({}, "a"), rule({ kinds: ["minor"] }, "b")] },
    change: {},
    demands: ["a", "b"],
  },
  {
    name: "a rule for patches does not cover a patch that comes with something else",
    rules: { rules: [rule({ kinds: ["patch"] })] },
    change: { kinds: ["patch", "other"] },
    demands: ["rule", "default"],
  },
  {
    name: "a rule for some paths does not cover an app of which other paths change too",
    rules: { rules: [rule({ paths: ["**/*.md"] })] },
    change: { apps: [app("web", "production", { paths: ["apps/web/a.md", "apps/web/b.yaml"] })] },
    demands: ["rule", "default"],
  },
  {
    name: "a rule for paths covers an app of which only those change",
    rules: { rules: [rule({ paths: ["**/*.md"] })] },
    change: { apps: [app("web", "production", { paths: ["apps/web/a.md"] })] },
    demands: ["rule"],
  },
  {
    name: "a rule for paths outside every app applies as well",
    rules: { rules: [rule({ paths: ["charts/**"] })] },
    change: { paths: ["charts/web/values.yaml", "apps/web/production/web.yaml"] },
    demands: ["rule", "default"],
  },
  {
    name: "by author, without regard to case, brackets taken as they are",
    rules: { rules: [rule({ authors: ["Renovate[bot]"] }, "bot"), rule({ authors: ["mal*"] }, "glob")] },
    change: { author: { id: 5, login: "renovate[bot]", bot: true } },
    demands: ["bot"],
  },
  {
    name: "a rule for a bot does not cover what somebody else pushed",
    rules: { rules: [rule({ authors: ["renovate[bot]"] }, "bot")] },
    change: { author: { id: 5, login: "renovate[bot]", bot: true }, pushers: ["renovate[bot]", "ada"] },
    demands: ["bot", "default"],
  },
  {
    name: "nor where nobody knows who pushed",
    rules: { rules: [rule({ authors: ["renovate[bot]"] }, "bot")] },
    change: { author: { id: 5, login: "renovate[bot]", bot: true }, pushers: null },
    demands: ["bot", "default"],
  },
  {
    name: "a rule for somebody applies to what they push for others",
    rules: { rules: [rule({ authors: ["ada"] })] },
    change: { pushers: ["ada", "mallory"] },
    demands: ["rule", "default"],
  },
  {
    name: "the configuration asks its owners beside everything else",
    rules: { rules: [rule({})] },
    change: { configuration: true },
    demands: ["configuration", "rule"],
  },
  {
    name: "the configuration alone needs no app's rule",
    rules: { rules: [rule({})] },
    change: { configuration: true, apps: [] },
    demands: ["configuration"],
  },
  {
    name: "a target's floor is one more demand",
    rules: {},
    change: { apps: [app("web", "production", { floor: floor(2) })] },
    demands: ["default", "target floor"],
  },
  {
    name: "an extended glob is no pattern",
    rules: { rules: [rule({ environments: ["+(production)"] })] },
    change: {},
    demands: ["default"],
  },
];

describe("which demands a change has to meet", () => {
  test.each(table)("$name", (row) => {
    expect(demandsOf(rules(row.rules), change(row.change)).map(({ name }) => name)).toEqual(row.demands);
  });

  test("owners default to administrators", () => {
    const [demand] = demandsOf(rules({ owners: [] }), change({ configuration: true, apps: [] }));
    expect(demand?.need).toEqual([{ approvals: 1, anyOf: [{ type: "permission", atLeast: "admin" }] }]);
  });

  test("owners as the configuration of the default branch names them", () => {
    const [demand] = demandsOf(rules(), change({ configuration: true, author: person("ada") }));
    expect(demand?.need).toEqual(need(1, platform));
  });
});
