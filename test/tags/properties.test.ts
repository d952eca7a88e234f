import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseTag } from "../../src/tags/choose-tag.ts";
import { type ImagePolicy, type Policy, newestVersion } from "../../src/tags/policy.ts";
import type { TagChoice } from "../../src/tags/tag-choice.ts";
import { chooseByDate } from "../../src/tags/newest-build.ts";
import { sieve } from "../../src/tags/tag-filter.ts";

function choose(policy: ImagePolicy, current: string | null, tags: readonly string[]): TagChoice {
  const choice = chooseTag({ current, tags }, policy);
  if (!choice.ok) throw new Error(choice.failure.message);
  return choice.value;
}

/** Whether the one may follow the other. */
function follows(policy: ImagePolicy, tag: string, current: string): boolean {
  return choose(policy, current, [tag]).chosen === tag;
}

const number = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12).map(String) },
  fc.constantFrom("01", "007", "2024", "2025", "202401", "20240131", "9007199254740993", "9007199254740992"),
  fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
);
const version = fc
  .tuple(
    fc.constantFrom("", "v"),
    fc.array(number, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(
      "",
      "",
      "-rc.1",
      "-rc10",
      "-alpha",
      "b2",
      "-0",
      "-alpine",
      "-alpha.beta.1",
      "-r4",
      "_9",
      "-7",
    ),
  )
  .map(([prefix, numbers, tail]) => `${prefix}${numbers.join(".")}${tail}`);
const dated = fc
  .tuple(fc.integer({ min: 2020, max: 2026 }), fc.integer({ min: 1, max: 12 }), fc.nat(31), fc.boolean())
  .map(([year, month, day, zeros]) => {
    const [mm, dd] = [month, day].map((part) => (zeros ? String(part).padStart(2, "0") : String(part)));
    return `${year}.${mm}.${dd}`;
  });
const built = fc.tuple(fc.constantFrom("main-", "pr-"), number).map(([branch, count]) => branch + count);
const tag = fc.oneof(
  { weight: 4, arbitrary: version },
  { weight: 2, arbitrary: dated },
  { weight: 2, arbitrary: built },
  { weight: 1, arbitrary: fc.stringMatching(/^[\w][\w.-]{0,12}$/) },
);

const all: readonly Policy[] = [
  newestVersion.policy,
  { type: "semver", range: "^1 || >=2024", dialect: "node" },
  { type: "semver", range: ">=1.0-0", dialect: "masterminds" },
  { type: "semver", range: ">=0, !=2.x", dialect: "masterminds" },
  { type: "semver", range: null, dialect: "masterminds-coerced" },
  { type: "regex", pattern: String.raw`^v?(?<major>\d+)(?:\.(?<minor>\d+))?(?:-(?<prerelease>.*))?$` },
  {
    type: "regex",
    pattern: String.raw`^v?(?<major>\d+)\.(?<minor>\d+)(?:\.(?<patch>\d+))?(?:-(?<compatibility>[a-z]+))?(?:\.(?<build>\d+))?`,
  },
  { type: "loose" },
  { type: "calver", format: "YYYY.MM.MICRO" },
  { type: "calver", format: "YYYY.0M.0D" },
  { type: "numerical", order: "asc" },
  { type: "numerical", order: "desc" },
  { type: "alphabetical", order: "asc" },
  { type: "alphabetical", order: "desc" },
];
const policy = fc.record({
  policy: fc.constantFrom(...all),
  tags: fc
    .record({
      filter: fc.constantFrom(
        { pattern: null, extract: null },
        { pattern: null, extract: null },
        { pattern: "^main-(?P<n>.*)$", extract: "$n" },
        { pattern: String.raw`(\d+)`, extract: "$1" },
        { pattern: "[0-4]", extract: null },
      ),
      ignore: fc.constantFrom([], ["*-rc*"], ["1", "2", "v?"]),
      exclude: fc.constantFrom(undefined, [String.raw`\.3$`, "^(?:v1|main-7)"]),
      prerelease: fc.boolean(),
      fromAny: fc.boolean(),
    })
    .map(({ filter, ...rest }) => ({ ...newestVersion.tags, ...filter, ...rest })),
});
const tags = fc.array(tag, { maxLength: 25 });

describe("by any policy", () => {
  test("what is chosen is one of the tags, and not the current one", () => {
    fc.assert(
      fc.property(policy, tag, tags, (settings, current, listed) => {
        const { chosen, candidates, followers, kind } = choose(settings, current, listed);
        expect(followers[0]?.tag ?? null).toBe(chosen);
        expect(candidates.filter(({ verdict }) => verdict === "chosen").map((one) => one.tag)).toEqual(
          chosen === null ? [] : [chosen],
        );
        expect(kind === null).toBe(chosen === null);
        if (chosen === null) return;
        expect(listed).toContain(chosen);
        expect(chosen).not.toBe(current);
      }),
      { numRuns: 1500 },
    );
  });

  test("no step leads down: what was left behind never follows, and after a step there is none to take", () => {
    fc.assert(
      fc.property(policy, tag, tags, (settings, current, listed) => {
        const { chosen, followers } = choose(settings, current, listed);
        for (const follower of followers) expect(follows(settings, current, follower.tag)).toBe(false);
        if (chosen !== null) expect(choose(settings, chosen, [...listed, current]).chosen).toBeNull();
      }),
      { numRuns: 1500 },
    );
  });

  test("the order of the listing, and how often a tag is in it, changes nothing", () => {
    const shuffled = tags.chain((listed) =>
      fc.tuple(fc.constant(listed), fc.shuffledSubarray(listed, { minLength: listed.length })),
    );
    fc.assert(
      fc.property(policy, fc.option(tag), shuffled, (settings, current, [listed, again]) => {
        expect(choose(settings, current, [...again, ...listed])).toEqual(choose(settings, current, listed));
      }),
      { numRuns: 1000 },
    );
  });

  test("following is an order: never both ways, and what follows a follower follows", () => {
    fc.assert(
      fc.property(policy, tag, tag, tag, (settings, a, b, c) => {
        if (follows(settings, b, a)) {
          expect(follows(settings, a, b)).toBe(false);
          if (follows(settings, c, b)) expect(follows(settings, c, a)).toBe(true);
        }
      }),
      { numRuns: 4000 },
    );
  });

  test("a choice of a part of the tags is never better than one of all", () => {
    fc.assert(
      fc.property(policy, tag, tags, tags, (settings, current, some, others) => {
        const [part, whole] = [some, [...some, ...others]].map((list) => choose(settings, current, list));
        if (part?.chosen != null) expect(follows(settings, part.chosen, whole?.chosen ?? "")).toBe(false);
        if (part?.chosen != null) expect(whole?.chosen).not.toBeNull();
      }),
    );
  });

  test("every tag is a candidate or counted as skipped", () => {
    fc.assert(
      fc.property(policy, tag, tags, (settings, current, listed) => {
        const { candidates, skipped } = choose(settings, current, listed);
        expect(candidates.length + skipped).toBe(new Set(listed).size);
      }),
    );
  });
});

describe("by dates", () => {
  const dated = fc.uniqueArray(fc.tuple(tag, fc.nat(5)), { selector: ([name]) => name, maxLength: 15 });

  function newest(current: string, tags: readonly string[], dates: ReadonlyMap<string, number>): TagChoice {
    const sieved = sieve({ current, tags }, newestVersion.tags);
    if (!sieved.ok) throw new Error(sieved.failure.message);
    return chooseByDate(sieved.value, dates);
  }

  test("the newest is chosen whatever the order, no step leads to an older one, and none out of it", () => {
    fc.assert(
      fc.property(dated, tag, fc.option(fc.nat(5)), (entries, current, date) => {
        const tags = entries.map(([name]) => name);
        const dates = new Map([...entries, ...(date === null ? [] : [[current, date] as const])]);
        const choice = newest(current, tags, dates);
        expect(newest(current, tags.toReversed(), dates)).toEqual(choice);
        const { chosen } = choice;
        if (chosen === null) return;
        expect(dates.get(chosen)).toBe(Math.max(...tags.map((name) => dates.get(name) ?? 0)));
        expect(newest(chosen, [...tags, current], dates).chosen).toBeNull();
      }),
    );
  });
});

test("where digests are followed, the same tags are chosen, and the current one only where none is", () => {
  fc.assert(
    fc.property(policy, tag, tags, (settings, current, listed) => {
      const plain = choose(settings, current, listed);
      const followed = choose({ ...settings, digests: "follow" }, current, listed);
      if (plain.chosen === null) expect([null, current]).toContain(followed.chosen);
      else expect(followed.chosen).toBe(plain.chosen);
      expect(followed.followers.slice(0, plain.followers.length)).toEqual(plain.followers);
    }),
  );
});
