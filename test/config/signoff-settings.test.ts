import { describe, expect, test } from "vitest";
import { configFindings } from "../../src/config/findings.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { SignoffRules } from "../../src/signoff/rule.ts";

const need = "need: { approvals: 1, anyOf: [write] }";

function parse(signoff: string) {
  return parseConfig(`signoff: ${signoff}`, "f");
}

function rulesOf(signoff: string): SignoffRules {
  const parsed = parse(signoff);
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.value.signoff;
}

function problemsOf(signoff: string): readonly string[] {
  const parsed = parse(signoff);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("what can be asked for", () => {
  test.each([
    ["team:acme/sre", { type: "team", team: "acme/sre" }],
    ["user:ada", { type: "user", login: "ada" }],
    ["org:acme", { type: "organisation", organisation: "acme" }],
    ["codeowners", { type: "codeowners" }],
    ["maintain", { type: "permission", atLeast: "maintain" }],
  ])("approvals of %s", (text, approver) => {
    const [rule] = rulesOf(`{ rules: [{ name: r, need: { approvals: 2, anyOf: [${text}] } }] }`).rules;
    expect(rule?.need).toEqual([{ approvals: 2, anyOf: [approver] }]);
  });

  test("several counts, all of which must be reached, also by default", () => {
    const all =
      "{ allOf: [{ approvals: 1, anyOf: [team:acme/sre] }, { approvals: 2, anyOf: [team:acme/sec] }] }";
    const rules = rulesOf(`{ default: ${all}, rules: [{ name: r, need: ${all} }] }`);
    expect(rules.default.map(({ approvals }) => approvals)).toEqual([1, 2]);
    expect(rules.rules[0]?.need).toEqual(rules.default);
  });

  test("by label and size, one value where a list can stand", () => {
    const rules = rulesOf(
      `{ rules: [{ name: r, when: { label: risky, lines: { atLeast: 200 } }, ${need} }] }`,
    );
    expect(rules.rules[0]?.when).toMatchObject({ labels: ["risky"], lines: { atLeast: 200 } });
  });

  test("another way, and through a freeze", () => {
    const rules = rulesOf(
      `{ rules: [{ name: a, ${need} }, { name: b, ${need}, instead: a, duringFreeze: true }] }`,
    );
    expect(rules.rules).toMatchObject([
      { instead: [], duringFreeze: false },
      { instead: ["a"], duringFreeze: true },
    ]);
  });

  test("who may override: nobody unless it is said", () => {
    expect(rulesOf("{}").override).toEqual([]);
    expect(rulesOf("{ override: [team:acme/incident] }").override).toEqual([
      { type: "team", team: "acme/incident" },
    ]);
  });
});

describe("a freeze", () => {
  test("is read by the wall of its zone", () => {
    const { freeze } = rulesOf(
      "{ freeze: [{ name: holidays, environments: [production], begins: 2026-12-24T00:00, ends: 2027-01-02T00:00, timezone: Europe/Berlin, except: [team:acme/incident] }] }",
    );
    expect(freeze).toEqual([
      {
        name: "holidays",
        environments: ["production"],
        begins: "2026-12-23T23:00:00.000Z",
        ends: "2027-01-01T23:00:00.000Z",
        timezone: "Europe/Berlin",
        except: [{ type: "team", team: "acme/incident" }],
      },
    ]);
  });

  test.each([
    ["summer time", ["2026-07-01T12:00", "2026-07-02"], ["2026-07-01T10:00", "2026-07-01T22:00"]],
    [
      "an hour that is left out",
      ["2026-03-29T02:30", "2026-03-30"],
      ["2026-03-29T01:00", "2026-03-29T22:00"],
    ],
    [
      "one that comes twice, from the first",
      ["2026-10-25T02:30", "2026-10-26"],
      ["2026-10-25T00:30", "2026-10-25T23:00"],
    ],
    [
      "one that comes twice, to the second",
      ["2026-10-24", "2026-10-25T02:30"],
      ["2026-10-23T22:00", "2026-10-25T01:30"],
    ],
  ])("with %s", (_, [begins, ends], instants) => {
    const [freeze] = rulesOf(
      `{ freeze: [{ name: f, begins: ${begins}, ends: ${ends}, timezone: Europe/Berlin }] }`,
    ).freeze;
    expect([freeze?.begins, freeze?.ends]).toEqual(instants.map((at) => `${at}:00.000Z`));
  });

  test("of everything, in UTC and without exception, where nothing else is said", () => {
    const [freeze] = rulesOf("{ freeze: [{ name: f, begins: 2026-12-24, ends: 2026-12-25 }] }").freeze;
    expect(freeze).toMatchObject({ begins: "2026-12-24T00:00:00.000Z", timezone: "UTC", except: [] });
    expect(freeze?.environments).toBeUndefined();
  });
});

const rule = (more: string): string => `{ rules: [{ name: a, ${need}, ${more} }, { name: b, ${need} }] }`;
const frozen = (more: string): string => `{ freeze: [{ name: f, ${more} }] }`;

describe("what cannot be meant is refused at its place", () => {
  test.each([
    [rule("instead: [c]"), '1:81 signoff.rules[0].instead[0]: no rule is named "c"'],
    [rule("instead: [a]"), "1:81 signoff.rules[0].instead[0]: a rule cannot take its own place"],
    [
      rule("when: { label: quick }, instead: [b]"),
      "1:104 signoff.rules[0].instead: a rule by label cannot take the place of another: whoever may triage can set labels, so that such a rule only adds to the others",
    ],
    [
      rule("when: { label: quick }, duringFreeze: true"),
      "1:109 signoff.rules[0].duringFreeze: a rule by label cannot let anything through a freeze: whoever may triage can set labels, so that such a rule only adds to the others",
    ],
    [rule("when: { lines: {} }"), "1:86 signoff.rules[0].when.lines: needs atLeast, atMost or both"],
    [
      rule("when: { lines: { atLeast: 9, atMost: 3 } }"),
      "1:108 signoff.rules[0].when.lines.atMost: can never match: it is less than atLeast",
    ],
    ["{ default: { allOf: [] } }", "1:30 signoff.default.allOf: must not be empty"],
    ["{ default: { approvals: 1 } }", "1:21 signoff.default.anyOf: is missing"],
    [
      "{ default: { approvals: 1, anyOf: [write], allOf: [{ approvals: 1, anyOf: [write] }] } }",
      "1:60 signoff.default.allOf: stands alone: put approvals and anyOf into its entries",
    ],
    [
      '{ default: { approvals: 1, anyOf: ["org:"] } }',
      '1:45 signoff.default.anyOf[0]: "org:": the members of an organisation are written org:ORGANISATION',
    ],
    [
      "{ owners: [codeowners] }",
      '1:21 signoff.owners[0]: "codeowners" cannot stand here: write it in anyOf of a rule\'s need',
    ],
    [
      frozen("begins: 2026-12-24, ends: 2026-12-23"),
      "1:58 signoff.freeze[0].ends: must be after its beginning",
    ],
    [
      frozen("begins: 2026-02-30, ends: 2026-12-23"),
      '1:40 signoff.freeze[0].begins: "2026-02-30" is not a time like 2026-12-24T18:00, without a zone: that is what timezone says',
    ],
    [
      frozen("begins: 2026-12-24T00:00Z, ends: 2027-01-01"),
      '1:40 signoff.freeze[0].begins: "2026-12-24T00:00Z" is not a time like 2026-12-24T18:00, without a zone: that is what timezone says',
    ],
    [
      frozen("begins: 2026-12-24, ends: 2027-01-01, timezone: Mars"),
      '1:80 signoff.freeze[0].timezone: "Mars" is not a name of the time zone database, like UTC or Europe/Berlin',
    ],
    ["{ freeze: }", "1:20 signoff.freeze: must be a list"],
    [
      "{ rules: [{ name: a, when: { lines: 3 }, need: x }] }",
      "1:46 signoff.rules[0].when.lines: must be a map of settings",
    ],
  ])("%s", (signoff, problem) => {
    expect(problemsOf(signoff)).toContain(problem);
  });
});

describe("what asks for nothing is told at its place", () => {
  const doubtsOf = (signoff: string, more: readonly string[] = []): readonly string[] => {
    const text = `apps: [{ path: web, environment: production, mode: apply }]\nsignoff: ${signoff}`;
    const about = { paths: ["web/a.yaml", ...more], now: new Date("2027-01-01T00:00:00Z") };
    return configFindings(text, "f", about).doubts.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
  };
  const owners = "{ default: { approvals: 1, anyOf: [codeowners] } }";

  test.each([
    [frozen("begins: 2026-12-24, ends: 2027-01-01"), ['2:58 freeze "f" is over']],
    [frozen("begins: 2026-12-24, ends: 2027-01-02"), []],
    [
      frozen("environments: staging, begins: 2026-12-24, ends: 2027-01-02"),
      ['2:46 freeze "f" can never match: no app has the environment "staging"'],
    ],
    [owners, ["2:21 asks code owners, but there is no CODEOWNERS file"]],
  ])("%s", (signoff, doubts) => {
    expect(doubtsOf(signoff)).toEqual(doubts);
  });

  test("code owners of whom there is a list are fine", () => {
    expect(doubtsOf(owners, ["docs/CODEOWNERS"])).toEqual([]);
  });
});
