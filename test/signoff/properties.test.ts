import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demandsOf } from "../../src/signoff/demand.ts";
import { type Verdict, evaluate } from "../../src/signoff/evaluate.ts";
import type { Change, Contributor, Opinion } from "../../src/signoff/facts.ts";
import { freezesOf } from "../../src/signoff/freeze.ts";
import type { Approver, Rule, SignoffRules, When } from "../../src/signoff/rule.ts";
import { verdictTitle } from "../../src/signoff/title.ts";
import { app, change, floor, need, person, platform, rules, sre, writers } from "./people.ts";
import { by, stale } from "./verdict-table.ts";

const owners: Approver = { type: "codeowners" };
const logins = ["ada", "grace", "linus", "bob", "mallory"] as const;
const names = ["a", "b", "c", "d"] as const;
const now = new Date("2026-12-01T00:00:00Z");

const anyCount = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.subarray([sre, platform, writers, owners], { minLength: 1 }))
  .map(([approvals, anyOf]) => ({ approvals, anyOf }));
const anyNeed = fc.array(anyCount, { minLength: 1, maxLength: 2 });
const anyWhen: fc.Arbitrary<When> = fc.record(
  {
    environments: fc.subarray(["production", "staging"], { minLength: 1 }),
    kinds: fc.subarray(["minor", "rollback", "other"] as const, { minLength: 1 }),
    labels: fc.constant(["risky"]),
    lines: fc.constantFrom({ atLeast: 10 }, { atMost: 9 }),
    paths: fc.constantFrom(["apps/web/**"], ["charts/**"]),
  },
  { requiredKeys: [] },
);
const plainRule = fc.record({ when: anyWhen, need: anyNeed });
const plainRules = (base: SignoffRules) =>
  fc
    .array(plainRule, { maxLength: 4 })
    .map((all) => ({ ...base, rules: all.map((one, at): Rule => ({ ...one, name: names[at] ?? "z" })) }));
const freeze = {
  name: "f",
  environments: ["production"],
  begins: "2026-11-01T00:00:00Z",
  ends: "2026-12-02T00:00:00Z",
  timezone: "UTC",
  except: [platform],
};
const twisted = fc
  .tuple(
    anyNeed,
    fc.array(fc.tuple(plainRule, fc.subarray([...names], { maxLength: 2 }), fc.boolean()), { maxLength: 4 }),
    fc.boolean(),
  )
  .map(([byDefault, all, frozen]) =>
    rules({
      default: byDefault,
      freeze: frozen ? [freeze] : [],
      rules: all.map(([one, instead, duringFreeze], at): Rule => {
        const name = names[at] ?? "z";
        return { ...one, name, instead: instead.filter((other) => other !== name), duringFreeze };
      }),
    }),
  );
const anyChange = fc
  .record({
    apps: fc.subarray(["web production", "web staging", "api production"]),
    kinds: fc.subarray(["minor", "rollback", "other"] as const, { minLength: 1 }),
    labels: fc.subarray(["risky"]),
    lines: fc.integer({ min: 0, max: 20 }),
    exact: fc.boolean(),
    configuration: fc.boolean(),
    owned: fc.boolean(),
    author: fc.constantFrom(...logins),
  })
  .map(({ apps, lines, exact, owned, author, ...rest }): Change => {
    const touched = apps.map((text) => app(text.split(" ")[0] ?? "", text.split(" ")[1] ?? ""));
    const owner = (path: string) => ({
      path,
      owners: [path.includes("web") ? sre : platform],
      addresses: [],
    });
    const paths = touched.flatMap((one) => one.paths);
    return change({
      ...rest,
      author: person(author),
      apps: touched,
      size: { lines, exact },
      owned: owned ? paths.map(owner) : [],
    });
  });
const anyOpinions = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...logins), fc.constantFrom("yes", "yes", "old", "no")), {
    selector: ([login]) => login,
  })
  .map((all) =>
    all.map(([login, word]): Opinion => {
      if (word === "old") return stale(login);
      return by(login, word === "no" ? { state: "changes-requested" } : {});
    }),
  );
const anyHands = fc
  .subarray([...logins])
  .map((some) =>
    some.map((login): Contributor => ({ id: person(login).id, login, part: "pusher", sha: "a1" })),
  );

interface Case {
  readonly rules: SignoffRules;
  readonly change: Change;
  readonly opinions: readonly Opinion[];
  readonly contributors?: readonly Contributor[];
}

function judge({ rules, change, opinions, contributors = [] }: Case): Verdict {
  const ahead = freezesOf(rules.freeze, change, now);
  return evaluate(change, demandsOf(rules, change), { contributors, unattributed: [], opinions }, ahead);
}

const cases = fc.record({ rules: twisted, change: anyChange, opinions: anyOpinions, contributors: anyHands });
const often = { numRuns: 500 };

describe("whatever the rules, the change and the reviews are", () => {
  test("a rule more lets nothing through that waited, where every app has a rule already", () => {
    const base = { name: "all", when: {}, need: need(1, writers) };
    const more = fc.record({
      rules: plainRules(rules()).map((some) => ({ ...some, rules: [base, ...some.rules] })),
      extra: plainRule,
      change: anyChange,
      opinions: anyOpinions,
    });
    fc.assert(
      fc.property(more, ({ rules, extra, ...rest }) => {
        const added = { ...rules, rules: [...rules.rules, { ...extra, name: "extra" }] };
        if (judge({ rules: added, ...rest }).satisfied)
          expect(judge({ rules, ...rest }).satisfied).toBe(true);
      }),
      often,
    );
  });

  test("an approval less satisfies nothing that waited", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ opinions, ...rest }, at) => {
        const approvals = opinions.filter(({ state }) => state === "approved");
        const gone = approvals[at % Math.max(1, approvals.length)];
        const fewer = opinions.filter((opinion) => opinion !== gone);
        if (judge({ opinions: fewer, ...rest }).satisfied)
          expect(judge({ opinions, ...rest }).satisfied).toBe(true);
      }),
      often,
    );
  });

  test("who contributed counts nowhere, and never opens a freeze", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const verdict = judge(one);
        const hands = [one.change.author.login, ...one.contributors.map(({ login }) => login)];
        const counted = [
          ...verdict.judged.flatMap(({ has }) => has),
          ...verdict.freezes.flatMap(({ byPeople }) => byPeople),
        ];
        expect(counted.filter(({ login }) => hands.includes(login))).toEqual([]);
      }),
      often,
    );
  });

  test("a floor is never undercut, and neither are the owners of the configuration", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 3 }), (one, least) => {
        const apps = one.change.apps.map((touched) => ({ ...touched, floor: floor(least) }));
        const verdict = judge({ ...one, change: { ...one.change, apps } });
        if (!verdict.satisfied) return;
        const hands = [one.change.author.login, ...one.contributors.map(({ login }) => login)];
        const fresh = one.opinions.filter(
          ({ state, saw, person }) =>
            state === "approved" && saw.type === "same" && !hands.includes(person.login),
        );
        const writing = fresh.filter(({ matches }) => matches.includes("write"));
        if (apps.length > 0) expect(writing.length).toBeGreaterThanOrEqual(least);
        const owning = fresh.filter(({ matches }) => matches.includes("team:acme/platform"));
        if (one.change.configuration) expect(owning.length).toBeGreaterThanOrEqual(1);
      }),
      often,
    );
  });

  test("a rule that may take another's place lets through only what one of the two ways would", () => {
    fc.assert(
      fc.property(cases, ({ rules, ...rest }) => {
        if (!judge({ rules, ...rest }).satisfied) return;
        // Each rule that takes a place is either not there, or is a rule as any other without those that it names.
        const taking = rules.rules.filter(({ instead = [] }) => instead.length > 0);
        const ways = subsets(taking).map((taken) => {
          const named = new Set(taken.flatMap(({ instead = [] }) => instead));
          const left = rules.rules.filter((rule) => !taking.includes(rule) || taken.includes(rule));
          const kept = left.filter(({ name }) => !named.has(name) || taken.some((one) => one.name === name));
          return judge({
            rules: { ...rules, rules: kept.map((rule) => ({ ...rule, instead: [] })) },
            ...rest,
          });
        });
        expect(ways.some(({ satisfied }) => satisfied)).toBe(true);
      }),
      often,
    );
  });

  test("the title says whether it is satisfied, and the verdict is plain data", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const verdict = judge(one);
        const good = /^(?:Signed off by|Nothing to sign off|No approval is demanded)/.test(
          verdictTitle(verdict),
        );
        expect(verdict.satisfied).toBe(good);
        expect(structuredClone(verdict)).toEqual(verdict);
      }),
      often,
    );
  });
});

function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (some, one) => [...some, ...some.map((set) => [...set, one])],
    [[]],
  );
}
