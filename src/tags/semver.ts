/** The default policy: the latest version of the same suffix, precision and prefix, never lower, within a range if one is given. */

import { Range, SemVer } from "semver";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import { compareDigits } from "./compare-digits.ts";
import { chooseByMasterminds } from "./masterminds.ts";
import type { Policy } from "./policy.ts";
import { type Scheme, chooseByScheme } from "./scheme.ts";
import type { Refusal, TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";
import { type TagVersion, compareValues, differentLine, parseVersion, rankOf } from "./version.ts";

/** Longer texts are no ranges that a person wrote; node-semver itself looks at 256 characters. */
const longestRange = 256;

/** Range of node-semver; `malformed` says how one is written. */
export function parseRange(text: string, includePrerelease = false): Result<Range> {
  try {
    if (text.length <= longestRange) return ok(new Range(text, { includePrerelease }));
  } catch {
    // Not a range: said below, in our words.
  }
  const shown = JSON.stringify(text.slice(0, longestRange));
  return fail(
    "malformed",
    `${shown} is not a semver range; write one as "^1.2", "~1.2.3", "1.x" or ">=1.2.0 <2.0.0"`,
  );
}

/** Judges every tag; `malformed` only for the range. */
export function chooseBySemver(
  sieved: Sieved,
  policy: Extract<Policy, { type: "semver" }>,
  prerelease: boolean,
): Result<TagChoice> {
  if (policy.dialect !== "node") return chooseByMasterminds(sieved, policy, prerelease);
  const range = policy.range === null ? ok(null) : parseRange(policy.range);
  const wide = policy.range === null ? ok(null) : parseRange(policy.range, true);
  if (!range.ok) return range;
  if (!wide.ok) return wide;
  return ok(chooseByScheme(sieved, schemeOf({ range: range.value, wide: wide.value, prerelease })));
}

interface Limits {
  /** As node-semver means it: a prerelease is only in it where the range names one of the same release. */
  readonly range: Range | null;
  /** The same with all prereleases. */
  readonly wide: Range | null;
  readonly prerelease: boolean;
}

function schemeOf(limits: Limits): Scheme<TagVersion> {
  return {
    noun: "version",
    range: limits.range?.raw ?? null,
    read: parseVersion,
    rank: ({ numbers }) => rankOf(numbers),
    compare: compareValues,
    differs: differentLine,
    refuse: (version, current) => refuse(version, current, limits),
    kind: kindOf,
  };
}

function refuse(version: TagVersion, current: TagVersion, limits: Limits): Refusal | undefined {
  const { prerelease, range, wide } = limits;
  const later = version.prerelease !== "" && current.prerelease === "" && !prerelease;
  if (range === null || wide === null) return later ? unasked : undefined;
  if (inRange(version, prerelease ? wide : range)) return undefined;
  if (later && inRange(version, wide)) return unasked;
  return { verdict: "out-of-range", reason: `is outside ${range.raw}` };
}

const unasked: Refusal = {
  verdict: "prerelease",
  reason: "is a prerelease, and the current one is a release",
};

/** Missing numbers count as 0, a fourth and further ones are left out, as node-semver knows three. */
function inRange({ numbers, prerelease }: TagVersion, range: Range): boolean {
  const [major, minor, patch] = [0, 1, 2].map((index) => (numbers[index] ?? "0").replace(/^0+(?=\d)/, ""));
  const identifiers = (prerelease.match(/\d+|[A-Za-z]+/g) ?? []).map((part) => part.replace(/^0+(?=\d)/, ""));
  const text = `${major}.${minor}.${patch}${prerelease === "" ? "" : `-${identifiers.join(".")}`}`;
  try {
    return range.test(new SemVer(text));
  } catch {
    // A number beyond what node-semver counts to.
    return false;
  }
}

/** By the first number that differs; a prerelease on the way to its release is a patch. */
function kindOf(from: TagVersion, to: TagVersion): ChangeKind {
  const index = from.numbers.findIndex((number, at) => compareDigits(number, to.numbers[at] ?? "0") !== 0);
  if (index === 0) return "major";
  return index === 1 ? "minor" : "patch";
}
