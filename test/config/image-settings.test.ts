import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse-config.ts";

/** What an entry for every image means. */
function policyOf(settings: string): unknown {
  const parsed = parseConfig(`images: [{ match: "**", ${settings} }]`, "f");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value.images[0];
}

/** Problems of these lines as `line:column message`. */
function problemsOf(...lines: string[]): string[] {
  const parsed = parseConfig(["images:", '  - match: "**"', ...lines].join("\n"), "f");
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("the policy of an image", () => {
  test.each<[settings: string, policy: object]>([
    ["policy: {}", { type: "semver", range: null, dialect: "node" }],
    ['policy: { semver: "^1" }', { type: "semver", range: "^1", dialect: "node" }],
    [
      'policy: { semver: ">=1.0, <2", dialect: masterminds }',
      { type: "semver", range: ">=1.0, <2", dialect: "masterminds" },
    ],
    ["policy: { calver: YYYY.0M.MICRO }", { type: "calver", format: "YYYY.0M.MICRO" }],
    ["policy: { numerical: desc }", { type: "numerical", order: "desc" }],
    ["policy: { alphabetical: asc }", { type: "alphabetical", order: "asc" }],
    ["policy: { digest: true }", { type: "digest" }],
  ])("%s", (settings, policy) => {
    expect(policyOf(settings)).toMatchObject({ policy });
  });

  test("without tags demands what the image in use has", () => {
    const tags = { pattern: null, extract: null, ignore: [], prerelease: false };
    expect(policyOf("tags: {}")).toMatchObject({
      tags: { ...tags, minimumAgeSeconds: null, platforms: null },
    });
  });

  test("takes all settings of tags", () => {
    const tags = `{ pattern: '^main-(?<n>\\d+)$', extract: "$n", ignore: "*-debug", prerelease: true, minimumAge: 3d, platforms: [linux/amd64, linux/arm/v7] }`;
    expect(policyOf(`tags: ${tags}`)).toMatchObject({
      tags: {
        pattern: String.raw`^main-(?<n>\d+)$`,
        extract: "$n",
        ignore: ["*-debug"],
        prerelease: true,
        minimumAgeSeconds: 259_200,
        platforms: ["linux/amd64", "linux/arm/v7"],
      },
    });
  });

  test("gets every mistake at its place, all at once", () => {
    expect(
      problemsOf(
        "    policy:",
        "      semver: '>=1.0, <2'",
        "      calver: MM.DD",
        "      numerical: up",
        "      digest: false",
        "    tags:",
        "      pattern: '^main-('",
        "      extract: 5",
        "      prerelease: maybe",
        "      minimumAge: 3",
        "      platforms: [amd64]",
      ),
    ).toEqual([
      "4:7 images[0].policy: an image follows one policy, not semver and calver and numerical and digest",
      '4:15 images[0].policy.semver: ">=1.0, <2" is not a version range, like ^1, ~1.4 or ">=1.2.0 <3.0.0"; it is one with dialect: masterminds',
      '5:15 images[0].policy.calver: "MM.DD" is not a format of calendar versions; write one as YYYY.0M.0D, YYYYMMDD or YY.MM.MICRO',
      '6:18 images[0].policy.numerical: must be "asc" or "desc"',
      "7:15 images[0].policy.digest: must be true",
      '9:16 images[0].tags.pattern: "^main-(" is not a pattern of RE2: missing closing ): `^main-(`',
      "10:16 images[0].tags.extract: must be text (put it in quotes)",
      "11:19 images[0].tags.prerelease: must be true or false",
      "12:19 images[0].tags.minimumAge: must be a duration with its unit, like 90s, 5m, 1h or 3d",
      '13:19 images[0].tags.platforms[0]: "amd64" is not a platform, like linux/amd64 or linux/arm/v7',
    ]);
  });

  test.each([
    [
      "a dialect of nothing",
      "policy: { dialect: masterminds }",
      "is the dialect of a semver range, and there is none",
    ],
    [
      "a range of the other dialect",
      "policy: { semver: 'x.y', dialect: masterminds }",
      '"x.y" is not a version range of Masterminds/semver, like ^1, ~1.4 or ">=1.2.0, <3.0.0"',
    ],
    ["an extract without a pattern", "tags: { extract: $1 }", "takes its parts from the groups of a pattern"],
    ["a group that is not there", "tags: { pattern: '(a)', extract: $1-$2 }", "the pattern has no group 2"],
    ["a name that runs on", "tags: { pattern: '(?P<n>a)', extract: $next }", "the pattern has no group next"],
    ["a look-ahead", "tags: { pattern: 'a(?!b)' }", "is not a pattern of RE2"],
    ["a back reference", String.raw`tags: { pattern: '(a)\1' }`, "is not a pattern of RE2"],
    [
      "a pattern that would fill the memory",
      "tags: { pattern: '((a{900}){900}){900}' }",
      "is not a pattern of RE2",
    ],
    ["an unknown setting", "tags: { minimalAge: 3d }", 'unknown setting "minimalAge"; did you mean'],
  ])("is refused for %s", (_what, settings, message) => {
    const problems = problemsOf(`    ${settings}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
});
