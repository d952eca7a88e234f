import { describe, expect, test } from "vitest";
import type { Statement } from "../../src/model/update.ts";
import { type ImageReference, parseImageReference } from "../../src/model/image.ts";
import { adoptedPolicy } from "../../src/plan/adopted-policy.ts";
import { policyFor } from "../../src/plan/image-rule.ts";
import { chooseTag } from "../../src/tags/choose-tag.ts";
import { newestVersion } from "../../src/tags/policy.ts";

type Settings = Statement["settings"];

function imageWith(tag: string | undefined): ImageReference {
  const parsed = parseImageReference(tag === undefined ? "acme/web" : `acme/web:${tag}`);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

/** The tag that is chosen, or why none can be. */
function chosen(
  tool: Statement["tool"],
  settings: Settings,
  [current, ...tags]: readonly string[],
): string | null {
  const adopted = adoptedPolicy({ tool, name: "It", settings }, imageWith(current));
  if (!adopted.ok) return adopted.failure.message;
  const choice = chooseTag({ current: current ?? null, tags: [current ?? "", ...tags] }, adopted.value);
  return choice.ok ? choice.value.chosen : choice.failure.message;
}

describe("Flux chooses alike", () => {
  test.each<[string, Settings, readonly string[], string | null]>([
    ["within a range", { semver: "^1" }, ["1.0.0", "1.9.0", "2.0.0", "1.10.0-rc1"], "1.9.0"],
    ["with a comma for and", { semver: ">=1.0.0, <1.5.0" }, ["1.0.0", "1.4.9", "1.5.0"], "1.4.9"],
    ["prereleases where the range has one", { semver: ">=1.0.0-0" }, ["1.0.0", "2.0.0-rc.1"], "2.0.0-rc.1"],
    ["by number", { numerical: "asc" }, ["9", "10", "latest"], "10"],
    ["from a tag without an order", { semver: "^1" }, ["latest", "1.9.0", "2.0.0", "1.10.0"], "1.10.0"],
    [
      "from a tag that the pattern leaves out",
      { pattern: "^main-(.*)$", extract: "$1", numerical: "desc" },
      ["dev-5", "main-7", "main-8"],
      "main-7",
    ],
    ["nothing where nothing is allowed", { semver: "^1" }, ["latest", "2.0.0"], null],
    ["downwards", { alphabetical: "desc" }, ["c", "b", "d"], "b"],
    [
      "by what is extracted",
      { pattern: "^main-[a-f0-9]+-(?P<ts>[0-9]+)$", extract: "$ts", numerical: "asc" },
      ["main-abc-100", "main-fff-99", "main-aaa-101", "prod-aaa-500"],
      "main-aaa-101",
    ],
    [
      "without what is excluded",
      { alphabetical: "asc", exclusionList: "^.*\\.sig$\n(dev|rc)[0-9]" },
      ["a", "b", "c-dev1", "d-rc2", "e.sig"],
      "b",
    ],
    ["without signatures where nothing is said", { alphabetical: "asc" }, ["a", "b", "c.sig"], "b"],
    [
      "with them where nothing is excluded",
      { alphabetical: "asc", exclusionList: "" },
      ["a", "c.sig"],
      "c.sig",
    ],
    ["not with what is excluded", { alphabetical: "asc", exclusionList: "^x" }, ["a", "b", "xb"], "b"],
  ])("%s", (_, settings, tags, expected) => {
    expect(chosen("flux", settings, tags)).toBe(expected);
  });

  test.each<[Settings, RegExp]>([
    [{}, /no policy that is known/],
    [{ alphabetical: "sideways" }, /no policy that is known/],
    [{ semver: "*", pattern: "(" }, /pattern that is none/],
    [{ semver: "newest" }, /range that is none/],
    [{ semver: "*", exclusionList: "^(a|b$" }, /excludes tags by a pattern/],
  ])("and %j is a reason", (settings, reason) => {
    expect(chosen("flux", settings, ["1.0.0"])).toMatch(reason);
  });
});

describe("Argo CD Image Updater chooses alike", () => {
  test.each<[string, Settings, readonly string[], string | null]>([
    ["within a constraint", { constraint: "~1.2" }, ["1.2.0", "1.2.9", "1.3.0"], "1.2.9"],
    ["any version without one", {}, ["1.0.0", "3.0.0", "4.0.0-rc1"], "3.0.0"],
    ["tags of fewer than three parts", { constraint: "1.x" }, ["1.2", "1.3", "1.2.9", "2"], "1.3"],
    ["dates as versions where nothing limits it", {}, ["1.0", "1.1", "20240101"], "20240101"],
    ["from a tag without an order", {}, ["latest", "1.0.0", "1.1.0-rc1"], "1.0.0"],
    ["by name", { "update-strategy": "name" }, ["a", "c", "b"], "c"],
    ["whatever the case of its name", { "update-strategy": "Alphabetical" }, ["a", "c"], "c"],
    ["of allowed tags", { "allow-tags": "regexp:^1\\." }, ["1.0.0", "1.1.0", "2.0.0"], "1.1.0"],
    ["less ignored ones", { "ignore-tags": "2.*, *-x" }, ["1.0.0", "1.1.0", "2.0.0"], "1.1.0"],
    [
      "less those of a class",
      { "ignore-tags": "[2-9].*, 1.?.0", "update-strategy": "name" },
      ["1.0.0", "1.1.0", "1.1.1", "1x2x0", "2.0.0"],
      "1x2x0",
    ],
  ])("%s", (_, settings, tags, expected) => {
    expect(chosen("argocd", settings, tags)).toBe(expected);
  });

  test.each<[Settings, RegExp]>([
    [{ "update-strategy": "best" }, /not known here/],
    [{ "update-strategy": "digest" }, /does not say of which tag/],
    [{ "update-strategy": "digest", constraint: "latest" }, /another tag than the one that is written/],
    [{ "ignore-tags": "[a" }, /ignores tags by a pattern/],
    [{ constraint: "one" }, /no version range/],
    [{ "allow-tags": "regexp:(" }, /pattern that is none/],
    [{ "allow-tags": "1.x" }, /pattern that is none/],
  ])("and %j is a reason", (settings, reason) => {
    expect(chosen("argocd", settings, ["1.0.0"])).toMatch(reason);
  });

  test("platforms and the digest of a tag are taken over", () => {
    const platforms = "linux/amd64, linux/arm64";
    const settings = { "update-strategy": "digest", constraint: "latest", platforms };
    expect(adoptedPolicy({ tool: "argocd", name: "It", settings }, imageWith("latest"))).toMatchObject({
      value: { policy: { type: "digest" }, tags: { platforms: ["linux/amd64", "linux/arm64"] } },
    });
  });
});

describe("Renovate chooses alike", () => {
  test.each<[string, Settings, readonly string[], string | null]>([
    ["nothing from a tag without an order", {}, ["latest", "1.0.0"], null],
    ["tags of one suffix", {}, ["1.0-alpine", "1.1-alpine", "1.2"], "1.1-alpine"],
    [
      "by a regular expression",
      { versioning: "regex:^RELEASE-(?<major>\\d+)_(?<minor>\\d+)$" },
      ["RELEASE-1_2", "RELEASE-1_10", "RELEASE-1_9-rc"],
      "RELEASE-1_10",
    ],
    [
      "with a compatibility and a build",
      {
        versioning:
          "regex:^(?<major>\\d+)\\.(?<minor>\\d+)\\.(?<patch>\\d+)-(?<compatibility>.*)-r(?<build>\\d+)$",
      },
      ["2.1.0-debian-12-r9", "2.1.0-debian-12-r10", "2.2.0-debian-11-r0", "2.1.0-debian-12"],
      "2.1.0-debian-12-r10",
    ],
    [
      "strict versions",
      { versioning: "semver" },
      ["1.0.0", "1.1.0", "1.2.0-alpine", "1.3", "v1.2.0"],
      "v1.2.0",
    ],
    [
      "a prerelease of the same release",
      { versioning: "semver" },
      ["2.0.0-rc.9", "2.0.0-rc.10", "2.1.0-rc.1"],
      "2.0.0-rc.10",
    ],
    [
      "anything that begins with numbers",
      { versioning: "loose" },
      ["1.0", "1.1-alpine", "1.1-beta", "1.0.0"],
      "1.1-beta",
    ],
  ])("%s", (_, settings, tags, expected) => {
    expect(chosen("renovate", settings, tags)).toBe(expected);
  });

  test.each<[Settings, RegExp]>([
    [{ versioning: "pep440" }, /versioning that is not supported/],
    [{ versioning: "regex:^(?=x)" }, /no pattern of RE2/],
    [{ versioning: "semver-coerced" }, /versioning that is not supported/],
    [{ versioning: "constructor" }, /versioning that is not supported/],
    [{ versioning: "regex:^(?<compatibility>.)$" }, /without any of the groups/],
    [{ extractVersion: "^v(.*)$" }, /extractVersion/],
    [{ extractVersion: "^v(?<version>(?=.*)$" }, /extractVersion/],
  ])("and %j is a reason", (settings, reason) => {
    expect(chosen("renovate", settings, ["1.0.0"])).toMatch(reason);
  });
});

describe("which of several policies an image follows", () => {
  const parsed = parseImageReference("acme/web:1.0.0");
  const image = parsed.ok ? parsed.value : undefined;
  const statement: Statement = { tool: "flux", name: "ImagePolicy a/b", settings: { numerical: "asc" } };
  const rule = { match: "acme/*", ...newestVersion };

  test("an entry of the configuration before the statement before the default", () => {
    const follow = (images: (typeof rule)[], said?: Statement) =>
      policyFor(images, { image: image!, statement: said }, null);
    expect(follow([rule], statement).policy.policy).toEqual(newestVersion.policy);
    expect(follow([], statement).policy.policy).toEqual({ type: "numerical", order: "asc" });
    expect(follow([]).policy).toEqual(newestVersion);
    expect(follow([rule], { ...statement, problem: "is gone" })).not.toHaveProperty("refusal");
  });

  test("a statement that cannot be followed leaves the image alone, and says so", () => {
    const followed = policyFor([], { image: image!, statement: { ...statement, problem: "is gone" } }, null);
    expect(followed.refusal).toBe("ImagePolicy a/b is gone.");
  });

  test("a digest is followed only where one can be written", () => {
    const edits = [{ path: "0/image/tag", role: "tag", start: 0, end: 5, line: 1 }] as const;
    const digest = { ...rule, policy: { type: "digest" } as const };
    expect(policyFor([digest], { image: image!, edits }, null).refusal).toMatch(/without a digest/);
    expect(policyFor([digest], { image: image! }, null)).not.toHaveProperty("refusal");
    const pinned = { ...image!, digest: `sha256:${"0".repeat(64)}` };
    expect(policyFor([digest], { image: pinned, edits }, null)).not.toHaveProperty("refusal");
    const settings = { semver: "*", digestReflectionPolicy: "Always" };
    const always = { ...statement, settings };
    expect(policyFor([], { image: image!, statement: always, edits }, null).policy.digests).toBeUndefined();
    expect(policyFor([], { image: image!, statement: always }, null).policy.digests).toBe("follow");
  });
});
