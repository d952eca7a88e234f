import { describe, expect, test } from "vitest";
import { chooseTag } from "../../src/tags/choose-tag.ts";
import { parsePolicy, policyText } from "../../src/tags/policy-text.ts";
import { type TagSettings, newestVersion } from "../../src/tags/policy.ts";
import type { TagChoice } from "../../src/tags/tag-choice.ts";

/** Chooses by a policy as `explain` takes it. */
function choose(
  policy: string,
  current: string | null,
  tags: readonly string[],
  settings: Partial<TagSettings> = {},
): TagChoice {
  const parsed = parsePolicy(policy);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  const rule = { policy: parsed.value, tags: { ...newestVersion.tags, ...settings } };
  const choice = chooseTag({ current, tags }, rule);
  if (!choice.ok) throw new Error(choice.failure.message);
  return choice.value;
}

function verdicts({ candidates }: TagChoice): Record<string, string> {
  return Object.fromEntries(candidates.map(({ tag, verdict }) => [tag, verdict]));
}

describe("calver", () => {
  test.each<[format: string, current: string, tags: string[], chosen: string | null]>([
    ["YYYY.0M.0D", "2026.01.30", ["2026.02.01", "2026.2.3", "2025.12.31", "2026.13.01"], "2026.02.01"],
    ["YYYY.MM.DD", "2026.8.2", ["2026.10.1", "2026.09.30", "2026.8.20"], "2026.10.1"],
    ["YYYYMMDD", "20240131", ["20240201", "20241301", "20240230", "99999999", "2024020"], "20240230"],
    ["YYYYMMDDHHmmss", "20260821151134", ["20260821151135", "20260821256000"], "20260821151135"],
    ["YY.0M", "22.04", ["24.04", "23.10", "24.13", "24.4"], "24.04"],
    ["YY.MM.MICRO", "24.4.2", ["24.4.10", "24.13.0", "24.5"], "24.4.10"],
    ["YYYY.0W", "2026.09", ["2026.10", "2026.54"], "2026.10"],
    ["MAJOR.YYYY.MM", "2.2025.1", ["3.2024.1", "2.2025.2"], "3.2024.1"],
    ["DD.MM.YYYY", "30.06.2025", ["01.02.2026", "31.05.2025"], "01.02.2026"],
    [
      "RELEASE.YYYY-0M-0DTHH-mm-ssZ",
      "RELEASE.2024-08-26T10-49-58Z",
      ["RELEASE.2024-08-26T15-33-07Z", "RELEASE.2024-08-26T15-33-07Z.fips", "2025-01-01"],
      "RELEASE.2024-08-26T15-33-07Z",
    ],
    ["YYYY.MM.DD", "v2026.4.30", ["2026.5.1", "v2026.5.1"], "v2026.5.1"],
    ["YYYY.MM.DD", "2025.7.23-debian-12", ["2025.8.1", "2025.8.1-debian-12"], "2025.8.1-debian-12"],
    ["YYYY.MM.DD", "1.2.3", ["2026.1.1"], null],
    ["YYYY.MM.MICRO", "2026.1.1", ["2026.1.99999999999999999999"], "2026.1.99999999999999999999"],
  ])("%s: %s of %j is %s", (format, current, tags, chosen) => {
    expect(choose(`calver:${format}`, current, tags).chosen).toBe(chosen);
  });

  test("tells a change of the year from one of the month and the rest", () => {
    const kind = (to: string): unknown => choose("calver:YYYY.MM.DD", "2025.1.2", [to]).kind;
    expect(["2026.1.1", "2025.2.1", "2025.1.3"].map(kind)).toEqual(["major", "minor", "patch"]);
  });

  test.each([
    "",
    "MM.DD",
    "latest",
    "YYYY/MM",
    "YYYY MM",
    "YYYY.MICRO0D",
    "YYYY.MAJORMAJOR",
    "Y",
    "YYYY".repeat(20),
  ])("%s is no format", (format) => {
    const rule = { ...newestVersion, policy: { type: "calver", format } as const };
    expect(chooseTag({ current: null, tags: [] }, rule)).toMatchObject({
      ok: false,
      failure: { code: "malformed" },
    });
  });
});

describe("numerical", () => {
  test("skips and counts what is no number, a commit with an e too", () => {
    const choice = choose("numerical", "12", [
      "13",
      "latest",
      "89655e1",
      "0x20",
      "1_000",
      "",
      "9".repeat(40),
    ]);
    expect(choice).toMatchObject({ chosen: "9".repeat(40), kind: "tag", skipped: 5, noun: "number" });
  });

  test("tells numbers apart that floating point does not", () => {
    expect(choose("numerical", "20260821151134001", ["20260821151134002"]).chosen).toBe("20260821151134002");
  });

  test("compares fractions as fractions", () => {
    expect(choose("numerical", "1.9", ["1.10", "1.95"]).chosen).toBe("1.95");
    expect(choose("numerical", "1.5", ["1.50"]).chosen).toBeNull();
  });

  test("takes the shorter of two spellings, whatever their order", () => {
    for (const tags of [
      ["0100", "100"],
      ["100", "0100"],
    ])
      expect(choose("numerical", "99", tags).chosen).toBe("100");
  });
});

test("alphabetical goes by code unit: capitals before small letters, ten before nine", () => {
  expect(choose("alphabetical", "A", ["b10", "b9", "Z"]).chosen).toBe("b9");
  expect(choose("alphabetical:desc", "b", ["a", "Z"])).toMatchObject({ chosen: "Z", kind: "tag" });
});

describe("digest", () => {
  test("stays with the tag, whatever else is there, and even where it is not listed", () => {
    expect(choose("digest", "stable", ["2.0.0", "stable"])).toMatchObject({
      chosen: "stable",
      kind: "digest",
    });
    expect(choose("digest", "stable", []).chosen).toBe("stable");
  });

  test("has nothing to follow without a tag", () => {
    expect(choose("digest", null, ["stable"])).toMatchObject({
      chosen: null,
      reason: "The image has no tag whose digest could be followed.",
    });
  });
});

describe("masterminds", () => {
  test("takes what stands behind the dash for a prerelease, and takes one where the range names one", () => {
    const tags = ["1.3.0-rc.1", "1.2.9"];
    expect(choose("masterminds:>=1.0", "1.2.3", tags).chosen).toBe("1.2.9");
    expect(choose("masterminds:>=1.0-0", "1.2.3", tags).chosen).toBe("1.3.0-rc.1");
    expect(choose("masterminds:>=1.0", "1.2.3", tags, { prerelease: true }).chosen).toBe("1.3.0-rc.1");
  });

  test("says that the range names no prerelease", () => {
    expect(choose("masterminds:>=1.0", "1.2.3", ["1.3.0-rc.1"]).reason).toBe(
      "Nothing newer than 1.2.3 is allowed: 1.3.0-rc.1 is a prerelease, and >=1.0 names none.",
    );
  });
});

describe("semver", () => {
  test("takes a prerelease after a release where that is asked for, within the range", () => {
    const tags = ["1.3.0-rc.1", "2.0.0-rc.1"];
    expect(choose("semver", "1.2.3", tags, { prerelease: true }).chosen).toBe("2.0.0-rc.1");
    expect(choose("semver:^1", "1.2.3", tags, { prerelease: true }).chosen).toBe("1.3.0-rc.1");
    expect(choose("semver:^1", "1.2.3", tags).chosen).toBeNull();
  });

  test("takes a prerelease that the range names", () => {
    expect(choose("semver:>=1.3.0-rc.1 <2", "1.2.3", ["1.3.0-rc.2", "1.4.0-rc.1"]).chosen).toBe("1.3.0-rc.2");
  });

  test.each([
    [
      "semver:^1",
      "2.1.0",
      ["1.9.0", "2.2.0"],
      "2.1.0 is already newer than ^1 allows, and left alone: the latest that it allows is 1.9.0.",
    ],
    [
      "masterminds:<2",
      "2.1.0",
      ["1.9.0"],
      "2.1.0 is already newer than <2 allows, and left alone: the latest that it allows is 1.9.0.",
    ],
  ])("%s leaves %s alone, and says so", (policy, current, tags, reason) => {
    expect(choose(policy, current, tags)).toMatchObject({ chosen: null, reason });
  });
});

describe("pattern, extract and ignore", () => {
  const pattern = String.raw`^main-[0-9a-f]+-(?P<at>\d+)$`;
  const settings = { pattern, extract: "$at" };

  test("choose by what is extracted, and give back the tag", () => {
    const tags = ["main-aaaaaaa-9", "main-fffffff-10", "pr-1234567-99", "main-eeeeeee-x"];
    const choice = choose("numerical", "main-1234567-8", tags, settings);
    expect(choice.chosen).toBe("main-fffffff-10");
    expect(verdicts(choice)).toMatchObject({ "pr-1234567-99": "filtered", "main-eeeeeee-x": "filtered" });
  });

  test("never cross from one kind of tag to another", () => {
    expect(choose("numerical", "pr-1234567-8", ["main-aaaaaaa-9"], settings)).toMatchObject({
      chosen: null,
      reason: "pr-1234567-8 does not match the pattern, so no tag is newer than it.",
    });
  });

  test("two tags with one extract: the shorter one, then the one later by code unit", () => {
    const tags = ["main-aaaaaaa-9", "main-bbbbbbb-9", "main-ffffffff-9"];
    for (const listed of [tags, tags.toReversed()])
      expect(choose("numerical", "main-1-8", listed, settings).chosen).toBe("main-bbbbbbb-9");
  });

  test("an empty extract is nothing that a policy orders", () => {
    const choice = choose("alphabetical", "ax", ["b", "cy"], { pattern: "(x|y)?$", extract: "$1" });
    expect(choice).toMatchObject({ chosen: "cy", skipped: 1 });
  });

  test("leave out tags by name and by star, whatever else they hold", () => {
    const tags = ["1.3.0", "1.4.0", "1.4.0.1", "1.4x0"];
    const ignore = ["1.4.0", "*.1"];
    const choice = choose("semver", "1.2.0", tags, { ignore });
    expect(choice.chosen).toBe("1.3.0");
    expect(verdicts(choice)).toMatchObject({ "1.4.0": "ignored", "1.4.0.1": "ignored" });
    expect(choose("alphabetical", "a", ["a+b"], { ignore: ["a.b"] }).chosen).toBe("a+b");
    expect(verdicts(choose("semver", "1.3.0", tags, { ignore: ["1.3.0"] }))["1.3.0"]).toBe("current");
  });

  test("signatures are no images, whatever the policy", () => {
    const signature = `sha256-${"a".repeat(64)}`;
    const tags = ["b", signature, `${signature}.sig`, `${signature}.att`];
    expect(choose("alphabetical", "a", tags)).toMatchObject({ chosen: "b", skipped: 3 });
  });

  test("a pattern takes linear time, whatever it is and meets", () => {
    const settings = { pattern: "^(a+)+$", extract: null };
    const tags = Array.from({ length: 500 }, (_, index) => `${"a".repeat(120)}${index}!`);
    expect(choose("alphabetical", "a", tags, settings).chosen).toBeNull();
  });

  test("a broken pattern takes nothing", () => {
    const rule = { ...newestVersion, tags: { ...newestVersion.tags, pattern: "(" } };
    expect(chooseTag({ current: "1.0.0", tags: ["1.1.0"] }, rule).ok).toBe(false);
  });
});

describe("the text of a policy", () => {
  test.each([
    "semver",
    "semver:>=1.0.0 <2",
    "masterminds",
    "masterminds:>=1.0, <2",
    "masterminds-coerced:~1.2",
    "calver:YYYY.0M",
    "numerical",
    "numerical:desc",
    "alphabetical",
    "alphabetical:desc",
    "regex:^(?<major>\\d+)$",
    "loose",
    "newest-build",
    "digest",
  ])("%s is read and written", (text) => {
    const parsed = parsePolicy(text);
    expect(parsed.ok && policyText(parsed.value)).toBe(text);
  });

  test.each([
    "",
    "newest",
    "semver:",
    "calver",
    "numerical:up",
    "digest:x",
    "regex",
    "loose:x",
    "newest-build:5",
    "constructor",
    "__proto__",
  ])("%j is none", (text) => {
    expect(parsePolicy(text)).toMatchObject({ ok: false, failure: { code: "malformed" } });
  });
});
