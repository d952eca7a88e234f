import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demandsOf } from "../../src/signoff/demand.ts";
import { type Verdict, evaluate } from "../../src/signoff/evaluate.ts";
import type { Change, Opinion, SignoffFacts } from "../../src/signoff/facts.ts";
import type { SignoffRules } from "../../src/signoff/rule.ts";
import {
  app,
  approval,
  change,
  facts,
  floor,
  need,
  person,
  platform,
  rules,
  sre,
  writers,
} from "./people.ts";

const bySre = rules({ rules: [{ name: "production", when: {}, need: need(1, sre) }] });
const grace = approval("grace", ["team:acme/sre", "write"]);
const linus = approval("linus", ["team:acme/sre", "write"]);
const ada = approval("ada", ["team:acme/platform", "write"]);
const pushed = { id: 2, login: "grace", part: "pusher", sha: "a1b2c3d4" } as const;
const objecting = { state: "changes-requested" } as const;

function judge(rules: SignoffRules, change: Change, facts: SignoffFacts): Verdict {
  return evaluate(change, demandsOf(rules, change), facts);
}

interface Row {
  readonly name: string;
  readonly rules?: SignoffRules;
  readonly change?: Partial<Change>;
  readonly opinions: readonly Opinion[];
  readonly more?: Partial<SignoffFacts>;
  readonly satisfied: boolean;
  readonly discounted?: readonly string[];
}

const table: readonly Row[] = [
  { name: "nobody has approved", opinions: [], satisfied: false },
  { name: "one of the team", opinions: [grace], satisfied: true },
  { name: "somebody of another team", opinions: [ada], satisfied: false, discounted: ["not-asked"] },
  {
    name: "one person counts once however many approvers they are",
    rules: rules({ default: need(2, sre, writers) }),
    opinions: [grace],
    satisfied: false,
  },
  {
    name: "two people",
    rules: rules({ default: need(2, sre, writers) }),
    opinions: [grace, ada],
    satisfied: true,
  },
  {
    name: "one person may count for several rules",
    rules: rules({
      rules: [
        { name: "a", when: {}, need: need(1, sre) },
        { name: "b", when: {}, need: need(1, writers) },
      ],
    }),
    opinions: [grace],
    satisfied: true,
  },
  {
    name: "every rule that applies must be satisfied",
    rules: rules({
      rules: [
        { name: "a", when: {}, need: need(1, sre) },
        { name: "b", when: {}, need: need(1, platform) },
      ],
    }),
    opinions: [grace],
    satisfied: false,
  },
  {
    name: "the author",
    change: { author: person("grace") },
    opinions: [grace],
    satisfied: false,
    discounted: ["contributor"],
  },
  {
    name: "a pusher",
    opinions: [grace],
    more: { contributors: [pushed] },
    satisfied: false,
    discounted: ["contributor"],
  },
  {
    name: "a pusher under an old name, known by id",
    opinions: [grace],
    more: { contributors: [{ ...pushed, login: "grace-old" }] },
    satisfied: false,
    discounted: ["contributor"],
  },
  {
    name: "a co-author, known by login alone",
    opinions: [grace],
    more: { contributors: [{ id: null, login: "Grace", part: "co-author", sha: "a1b2c3d4" }] },
    satisfied: false,
    discounted: ["contributor"],
  },
  {
    name: "another of the team beside the pusher",
    opinions: [grace, linus],
    more: { contributors: [pushed] },
    satisfied: true,
    discounted: ["contributor"],
  },
  {
    name: "a bot",
    opinions: [approval("approver[bot]", ["team:acme/sre"])],
    satisfied: false,
    discounted: ["bot"],
  },
  {
    name: "an approval of another change",
    opinions: [{ ...grace, saw: { type: "other", sha: "c0ffee11" } }],
    satisfied: false,
    discounted: ["stale"],
  },
  {
    name: "an approval of which nothing can be proven",
    opinions: [{ ...grace, saw: { type: "unproven", why: "is of a fork" } }],
    satisfied: false,
    discounted: ["unproven"],
  },
  {
    name: "changes requested by one who could approve",
    opinions: [grace, { ...linus, ...objecting }],
    satisfied: false,
  },
  {
    name: "changes requested by one who could not",
    opinions: [grace, { ...ada, ...objecting }],
    satisfied: true,
  },
  {
    name: "changes requested for another change still block",
    opinions: [grace, { ...linus, ...objecting, saw: { type: "other", sha: "c0ffee11" } }],
    satisfied: false,
  },
  {
    name: "a commit of nobody",
    opinions: [grace],
    more: { unattributed: ["deadbeef"] },
    satisfied: false,
  },
  {
    name: "nothing to sign off",
    change: { apps: [] },
    opinions: [],
    more: { unattributed: ["deadbeef"] },
    satisfied: true,
  },
  {
    name: "the configuration is not signed by those who sign its apps",
    change: { configuration: true },
    opinions: [grace],
    satisfied: false,
  },
  {
    name: "the configuration signed by its owners",
    change: { configuration: true, apps: [] },
    opinions: [ada],
    satisfied: true,
  },
  {
    name: "a rule that demands nobody",
    rules: rules({ default: need(0) }),
    opinions: [],
    satisfied: true,
  },
  {
    name: "a target's floor over a rule that demands nobody",
    rules: rules({ default: need(0) }),
    change: { apps: [app("web", "production", { floor: floor(1) })] },
    opinions: [],
    satisfied: false,
  },
];

describe("the verdict", () => {
  test.each(table)("$name: satisfied $satisfied", (row) => {
    const verdict = judge(row.rules ?? bySre, change(row.change), facts(row.opinions, row.more));
    expect(verdict.satisfied).toBe(row.satisfied);
    if (row.discounted)
      expect(verdict.discounted.map(({ discount }) => discount.type)).toEqual(row.discounted);
  });

  test("says of each demand what it has and lacks", () => {
    const verdict = judge(rules({ default: need(3, writers) }), change(), facts([linus, grace]));
    expect(verdict.judged).toMatchObject([{ has: [person("grace"), person("linus")], lacks: 1 }]);
  });
});

const anyOpinion = fc.record({
  login: fc.constantFrom("ada", "grace", "linus", "mallory", "bob"),
  state: fc.constantFrom("approved" as const, "changes-requested" as const),
  same: fc.boolean(),
  matches: fc.subarray(["team:acme/sre", "team:acme/platform", "write"]),
});
const anyOpinions = fc
  .uniqueArray(anyOpinion, { selector: ({ login }) => login })
  .map((all) =>
    all.map(({ login, state, same, matches }) =>
      approval(login, matches, { state, saw: same ? { type: "same" } : { type: "other", sha: "0ld" } }),
    ),
  );
const anyNeed = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.subarray([sre, platform, writers], { minLength: 1 }),
);
const anyRules = fc.tuple(anyNeed, fc.array(anyNeed, { maxLength: 3 })).map(([byDefault, others]) =>
  rules({
    default: need(byDefault[0], ...byDefault[1]),
    rules: others.map(([count, anyOf], at) => ({ name: `r${at}`, when: {}, need: need(count, ...anyOf) })),
  }),
);

const lack = (verdict: Verdict | undefined) => verdict?.judged.map(({ lacks }) => lacks) ?? [];

describe("for all rules and reviews", () => {
  test("one more approval never makes it worse", () => {
    fc.assert(
      fc.property(anyRules, anyOpinions, anyOpinion, (rules, opinions, extra) => {
        const others = opinions.filter((opinion) => opinion.person.login !== extra.login);
        const more = [...others, approval(extra.login, extra.matches)];
        const [before, after] = [others, more].map((all) => judge(rules, change(), facts(all)));
        expect(after?.satisfied || !before?.satisfied).toBe(true);
        lack(after).forEach((lacks, at) => expect(lacks).toBeLessThanOrEqual(lack(before)[at] ?? 0));
      }),
    );
  });

  test("the author never counts", () => {
    fc.assert(
      fc.property(
        anyRules,
        anyOpinions,
        fc.constantFrom("ada", "grace", "linus"),
        (rules, opinions, login) => {
          const verdict = judge(rules, change({ author: person(login) }), facts(opinions));
          expect(verdict.judged.flatMap(({ has }) => has).map((who) => who.login)).not.toContain(login);
        },
      ),
    );
  });

  test("a floor never lets through what was held before", () => {
    fc.assert(
      fc.property(anyRules, anyOpinions, fc.integer({ min: 0, max: 3 }), (rules, opinions, least) => {
        const floored = change({ apps: [app("web", "production", { floor: floor(least) })] });
        const [without, with_] = [change(), floored].map((it) => judge(rules, it, facts(opinions)).satisfied);
        expect(without || !with_).toBe(true);
      }),
    );
  });

  test("satisfied means that every demand has its distinct people", () => {
    fc.assert(
      fc.property(anyRules, anyOpinions, (rules, opinions) => {
        const verdict = judge(rules, change(), facts(opinions));
        const met = verdict.judged.every(({ counts }) =>
          counts.every(({ count, has }) => new Set(has.map(({ id }) => id)).size >= count.approvals),
        );
        expect(verdict.judged.length).toBeGreaterThan(0);
        if (verdict.satisfied) expect(met).toBe(true);
      }),
    );
  });
});
