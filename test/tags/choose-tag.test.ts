import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseTag } from "../../src/tags/choose-tag.ts";
import type { TagChoice, Verdict } from "../../src/tags/tag-choice.ts";
import { compareSpelling } from "../../src/tags/compare-spelling.ts";
import { newestVersion } from "../../src/tags/policy.ts";
import { compareValues, parseVersion, type TagVersion } from "../../src/tags/version.ts";

function choose(current: string | null, tags: readonly string[], semver: string | null = null): TagChoice {
  const policy = { type: "semver", range: semver, dialect: "node" } as const;
  const choice = chooseTag({ current, tags }, { ...newestVersion, policy });
  if (!choice.ok) throw new Error(choice.failure.message);
  return choice.value;
}

function verdictOf(choice: TagChoice, tag: string): Verdict | undefined {
  return choice.candidates.find((candidate) => candidate.tag === tag)?.verdict;
}

describe("the tag that is chosen", () => {
  test.each<[why: string, current: string, tags: string[], chosen: string | null]>([
    ["the latest", "1.0.0", ["1.1.0", "1.0.1", "1.0.0"], "1.1.0"],
    ["by number, not by text", "1.9.0", ["1.9.0", "1.10.0"], "1.10.0"],
    ["never a lower one", "2.0.0", ["1.9.9", "2.0.0"], null],
    ["nothing of an empty list", "1.0.0", [], null],
    ["when the current one is gone", "1.0.0", ["0.9.0", "1.0.2"], "1.0.2"],
    ["of the same precision: two", "1.2", ["1.3.0", "1.3", "2"], "1.3"],
    ["of the same precision: one", "16", ["17", "17.1", "18-rc1"], "17"],
    ["of the same precision: four", "1.2.3.4", ["1.2.3.10", "1.2.4", "1.2.3.9"], "1.2.3.10"],
    ["with the same suffix", "1.25-alpine", ["1.27", "1.26-alpine", "1.27-bookworm"], "1.26-alpine"],
    [
      "with the same suffix, dots and all",
      "v1.2.3-alpine3.18",
      ["v1.2.4-alpine3.19", "v1.2.4-alpine3.18"],
      "v1.2.4-alpine3.18",
    ],
    ["with the v", "v1.2.3", ["1.3.0", "v1.2.4"], "v1.2.4"],
    ["without the v", "1.2.3", ["v1.3.0", "1.2.4"], "1.2.4"],
    ["no prerelease for a release", "1.2.3", ["1.3.0-rc.1", "1.3.0rc1", "1.3.0-beta", "1.2.4"], "1.2.4"],
    ["the next prerelease for a prerelease", "1.3.0-rc.9", ["1.3.0-rc.10", "1.3.0-rc.2"], "1.3.0-rc.10"],
    ["the release after its prerelease", "1.3.0-rc.9", ["1.3.0", "1.3.0-rc.10"], "1.3.0"],
    ["no release below a prerelease", "2.0.0-beta.1", ["1.9.0"], null],
    ["a prerelease with the same suffix", "3.13.0b2-slim", ["3.13.0b3", "3.13.0b3-slim"], "3.13.0b3-slim"],
    ["no leap from a version to a date", "8", ["9", "20240101"], "9"],
    ["no leap from a version to a year", "1.2.3", ["2024.01.15", "1.2.4"], "1.2.4"],
    ["a date after a date", "20240101", ["20240201", "202403", "9"], "20240201"],
    ["calendar versions, zeros or not", "2024.01.15", ["2024.02.1", "2023.12.31"], "2024.02.1"],
    ["a plain build number", "1989", ["1990", "2001"], "2001"],
    ["a variant stays a variant", "1.2.3-dev", ["1.3.0", "1.2.4-dev"], "1.2.4-dev"],
    [
      "numbers of any size",
      "1.0.9007199254740993",
      ["1.0.9007199254740992", "1.0.9007199254740994"],
      "1.0.9007199254740994",
    ],
    ["the shorter of two spellings", "1.0.0", ["1.01.0", "1.1.0"], "1.1.0"],
    ["no other spelling of the current one", "1.1.0", ["1.01.0"], null],
    ["nothing for a name", "latest", ["1.0.0", "2.0.0"], null],
    ["nothing for a hash", "1a2b3c4", ["1.0.0", "2b3c4d5"], null],
    [
      "no commit that happens to have digits only",
      "1234567",
      ["1234567", "7654321", "89655e1", "latest"],
      null,
    ],
    ["dates beside commits of their length", "20231101", ["20231101", "20240215", "8a9655e1"], "20240215"],
    [
      "the next build of a packager",
      "17.6.0-debian-12-r9",
      ["17.6.0-debian-12-r10", "17.6.0-debian-11-r90", "17.6.0"],
      "17.6.0-debian-12-r10",
    ],
    [
      "the next version of a packager, its builds counted anew",
      "4.0.5-r3-ls240",
      ["4.0.5-r4-ls241", "4.0.6-r0-ls2", "latest"],
      "4.0.6-r0-ls2",
    ],
    ["a build behind the numbers", "17.0.9_9-jre", ["17.0.9_11-jre", "17.0.10_7-jdk"], "17.0.9_11-jre"],
    ["a revision of a distribution", "1.24.2-9", ["1.24.2-10", "1.24.2", "1.24.2-10-alpine"], "1.24.2-10"],
    ["no number of a flavour for a build", "15-3", ["15-4"], null],
    ["no number of a flavour for a build: a word", "1.0.0-jdk17", ["1.0.0-jdk21", "1.1.0-jdk21"], null],
    [
      "a date whatever commit follows it",
      "v20260801-7619858115-master",
      ["v20260802-ab34567890-1.34", "v20260802-ab34567890-master", "v20260803"],
      "v20260802-ab34567890-master",
    ],
    [
      "dates with dashes",
      "2025-07-28",
      ["2025-10-27", "2026-06-29", "2026-07-28-alpine", "2026.08.01", "latest"],
      "2026-06-29",
    ],
    ["no day of a year for a suffix", "2025-07-28", ["2026-06-27"], "2026-06-27"],
    [
      "a date with its time, its word and whatever commit",
      "2026-06-04-131507-production",
      ["2026-06-04-131508-production", "2026-07-01-000000-publish", "2026-07-01-production"],
      "2026-06-04-131508-production",
    ],
    [
      "a date with its time and a commit",
      "2024-08-22-120807-77a5c01b",
      ["2024-08-23-090000-9e795112", "2024-08-22"],
      "2024-08-23-090000-9e795112",
    ],
    ["no commit behind a version", "1.40.0-c29d4c0c8", ["1.41.0-8463ad060"], null],
    [
      "no prerelease of the next release",
      "1.14.0-beta.1",
      ["1.15.0-alpha.0", "1.14.0-beta.2"],
      "1.14.0-beta.2",
    ],
    ["nothing for a letter release", "1.1.1w", ["1.1.2", "3.0.0"], null],
  ])("%s: %s of %j is %s", (_why, current, tags, chosen) => {
    expect(choose(current, tags).chosen).toBe(chosen);
  });

  test.each<[range: string, tags: string[], chosen: string | null]>([
    ["^1", ["1.4.0", "2.0.0"], "1.4.0"],
    ["~1.2.3", ["1.2.9", "1.3.0"], "1.2.9"],
    ["1.x || 3.x", ["2.0.0", "3.1.0"], "3.1.0"],
    [">=1.3.0 <1.5.0", ["1.2.4", "1.4.9", "1.5.0"], "1.4.9"],
    ["^2", ["1.4.0"], null],
  ])("within %s of %j is %s", (range, tags, chosen) => {
    expect(choose("1.2.3", tags, range).chosen).toBe(chosen);
  });

  test("counts missing numbers as zero and leaves a fourth out for a range", () => {
    expect(choose("1.2", ["1.9", "2.0"], "^1").chosen).toBe("1.9");
    expect(choose("1.2.3.4", ["1.9.0.1", "2.0.0.0"], "^1").chosen).toBe("1.9.0.1");
    expect(choose("2024.01", ["2024.09", "2025.01"], "2024.x").chosen).toBe("2024.09");
  });

  test("refuses a range that is none, with an example of one", () => {
    const policy = { type: "semver", range: "newest please", dialect: "node" } as const;
    const choice = chooseTag({ current: "1.0.0", tags: [] }, { ...newestVersion, policy });
    expect(choice).toMatchObject({ ok: false, failure: { code: "malformed" } });
    if (!choice.ok)
      expect(choice.failure.message).toContain('"newest please" is not a semver range; write one as');
  });
});

describe("the kind of the change", () => {
  test.each([
    ["1.2.3", "2.0.0", "major"],
    ["1.2.3", "1.3.0", "minor"],
    ["1.2.3", "1.2.4", "patch"],
    ["1.2.3.4", "1.2.3.5", "patch"],
    ["0.1.0", "0.2.0", "minor"],
    ["1.2", "1.3", "minor"],
    ["16-alpine", "17-alpine", "major"],
    ["1.0.0-rc.1", "1.0.0", "patch"],
    ["1.02.0", "1.2.1", "patch"],
  ])("from %s to %s is %s", (from, to, kind) => {
    expect(choose(from, [to]).kind).toBe(kind);
  });

  test("is null where nothing is chosen", () => {
    expect(choose("1.0.0", ["1.0.0"]).kind).toBeNull();
  });
});

describe("the reasons", () => {
  test("every version gets a verdict, the latest first", () => {
    const tags = [
      "1.0.0",
      "latest",
      "0.9.0",
      "1.1.0",
      "2.0.0",
      "1.2.0-rc.1",
      "1.1",
      "1.0.5",
      "01.0.0",
      "sha-12ab",
    ];
    const choice = choose("1.0.0", tags, "^1");
    expect(choice.skipped).toBe(2);
    expect(choice.candidates.map(({ tag, verdict }) => `${tag} ${verdict}`)).toEqual([
      "2.0.0 out-of-range",
      "1.2.0-rc.1 prerelease",
      "1.1.0 chosen",
      "1.0.5 older",
      "1.0.0 current",
      "01.0.0 older",
      "0.9.0 older",
      "1.1 not-comparable",
    ]);
  });

  test("say what holds the latest one back", () => {
    expect(choose("1.0.0", ["2.0.0", "1.0.0"], "^1").reason).toBe(
      "Nothing newer than 1.0.0 is allowed: 2.0.0 is outside ^1.",
    );
    expect(choose("latest", ["1.0.0"]).reason).toBe("latest is not a version, so no tag is newer than it.");
    expect(choose("1.0.0", ["1.0.0"]).reason).toBe("1.0.0 is the latest of its kind.");
    expect(choose("v2.26.2", ["v2.26.2", "2.30.0", "2.40.1", "3.0-rc1"]).reason).toBe(
      "v2.26.2 is the latest of its kind; 2.40.1 does not begin with v.",
    );
    expect(choose("1.0.0", ["v1.1.0", "v1.2.0-alpine"]).reason).toBe(
      "1.0.0 is the latest of its kind; v1.1.0 begins with v.",
    );
    expect(choose(null, ["1.0.0"]).reason).toBe("The image has no tag, so no tag is newer than it.");
  });

  test("a tag with a prototype's name is only a tag", () => {
    expect(verdictOf(choose("1.0.0", ["__proto__", "constructor", "1.0.1"]), "1.0.1")).toBe("chosen");
  });
});

const number = fc.oneof(fc.nat(30), fc.constantFrom("01", "007", "2024", "202401", "20240101")).map(String);
const version = fc
  .tuple(
    fc.constantFrom("", "v"),
    fc.array(number, { minLength: 1, maxLength: 4 }),
    fc.constantFrom("", "-rc.1", "-rc10", "b2", "-beta", "-dev"),
    fc.constantFrom("", "-alpine", "-alpine3.18"),
  )
  .map(([prefix, numbers, prerelease, suffix]) => `${prefix}${numbers.join(".")}${prerelease}${suffix}`);
const tag = fc.oneof({ weight: 9, arbitrary: version }, { weight: 1, arbitrary: fc.string() });
const range = fc.constantFrom(null, "^1", ">=2", "1.x || >=5", "*");

function compareVersions(a: TagVersion, b: TagVersion): number {
  return compareValues(a, b) || compareSpelling(a.tag, b.tag);
}

describe("for any tags", () => {
  test("the chosen one is one of them, of the same line, and higher than the current one", () => {
    fc.assert(
      fc.property(tag, fc.array(tag, { maxLength: 40 }), range, (current, tags, semver) => {
        const { chosen } = choose(current, tags, semver);
        if (chosen === null) return;
        expect(tags).toContain(chosen);
        const [from, to] = [parseVersion(current)!, parseVersion(chosen)!];
        expect(to.suffix).toBe(from.suffix);
        expect(to.numbers.length).toBe(from.numbers.length);
        expect(compareValues(to, from)).toBeGreaterThan(0);
        if (from.prerelease === "") expect(to.prerelease).toBe("");
      }),
      { numRuns: 2000 },
    );
  });

  test("the order in which they are listed, and how often, changes nothing", () => {
    const shuffled = fc
      .array(tag, { maxLength: 30 })
      .chain((tags) => fc.tuple(fc.constant(tags), fc.shuffledSubarray(tags, { minLength: tags.length })));
    fc.assert(
      fc.property(tag, shuffled, range, (current, [tags, again], semver) => {
        expect(choose(current, [...again, ...tags], semver)).toEqual(choose(current, tags, semver));
      }),
    );
  });

  test("a range only narrows: nothing is chosen that would not be allowed without it", () => {
    fc.assert(
      fc.property(version, fc.array(version, { maxLength: 30 }), (current, tags) => {
        const wide = choose(current, tags);
        const narrow = choose(current, tags, "^1");
        if (narrow.chosen !== null) expect(["chosen", "older"]).toContain(verdictOf(wide, narrow.chosen));
        if (wide.chosen === null) expect(narrow.chosen).toBeNull();
      }),
    );
  });

  test("versions of one line have a total order", () => {
    const line = fc
      .tuple(number, number, fc.constantFrom("", "-rc.1", "-rc.01", "-rc9", "-rc10", "-beta.2"))
      .map(([major, minor, prerelease]) => parseVersion(`${major}.${minor}${prerelease}`)!);
    fc.assert(
      fc.property(line, line, line, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(a.tag === b.tag);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
