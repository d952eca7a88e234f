import { expect, test } from "vitest";
import { changeKind } from "../../src/tags/change-kind.ts";
import { parsePolicy } from "../../src/tags/policy-text.ts";
import { type TagSettings, newestVersion } from "../../src/tags/policy.ts";

const value = (tag: string | null) => ({ tag, digest: null });

function kindBy(policy: string, from: string | null, to: string | null, tags: Partial<TagSettings> = {}) {
  const parsed = parsePolicy(policy);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return changeKind(value(from), value(to), {
    policy: parsed.value,
    tags: { ...newestVersion.tags, ...tags },
  });
}

test.each([
  ["1.0.0", "2.0.0", "major"],
  ["1.0.0", "1.1.0", "minor"],
  ["1.0.0", "1.0.1", "patch"],
  ["1.0.0", "1.0.0", "digest"],
  [null, null, "digest"],
  [null, "1.0.0", "tag"],
  ["1.1.0", "1.0.0", "other"],
  ["1.0.0", "main-7", "tag"],
  ["1.0.0", "1.1.0-rc1", "minor"],
  ["1.0.0", "v2.0.0", "tag"],
  ["latest", "1.0.0", "tag"],
])("by default, %s to %s is %s", (from, to, kind) => {
  expect(kindBy("semver", from, to)).toBe(kind);
});

test.each([
  ["calver:YYYY.0M.MICRO", "2025.12.3", "2026.01.0", "major"],
  ["calver:YYYY.0M.MICRO", "2026.01.3", "2026.01.10", "patch"],
  ["numerical", "7", "8", "tag"],
  ["numerical", "8", "7", "other"],
  ["numerical:desc", "8", "7", "tag"],
  ["alphabetical", "1.9.0", "1.10.0", "other"],
  ["masterminds:^1", "1.2.0-alpine", "1.3.0-alpine", "minor"],
  ["regex:^build-(?P<major>\\d+)\\.(?P<minor>\\d+)$", "build-1.2", "build-1.3", "minor"],
  ["newest-build", "1.0.0", "2.0.0", "tag"],
  ["digest", "1.0.0", "2.0.0", "major"],
])("by %s, %s to %s is %s", (policy, from, to, kind) => {
  expect(kindBy(policy, from, to)).toBe(kind);
});

test("what the policy would not do is a major change all the same", () => {
  expect(kindBy("semver:^1", "1.0.0", "2.0.0")).toBe("major");
  expect(kindBy("masterminds:^1", "1.0.0", "2.0.0-rc1")).toBe("major");
  expect(kindBy("semver", "1.0.0", "2.0.0", { ignore: ["2.*"], exclude: ["^2"] })).toBe("major");
  expect(kindBy("semver", "1.0.0", "2.0.0", { pattern: "^1" })).toBe("major");
});

test("a pattern takes the version out of the tag", () => {
  const tags = { pattern: "^api-(.*)$", extract: "$1" };
  expect(kindBy("semver", "api-1.0.0", "api-1.1.0", tags)).toBe("minor");
  expect(kindBy("semver", "api-1.0.0", "api-1.1.0")).toBe("tag");
});
