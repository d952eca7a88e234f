/** The default policy: the latest version of the same suffix, precision and prefix, never lower, within a range if one is given. */

import { Range, SemVer } from "semver";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import { compareDigits } from "./compare-digits.ts";
import { compareSpelling } from "./compare-spelling.ts";
import { chooseByMasterminds } from "./masterminds.ts";
import type { Policy } from "./policy.ts";
import { type Scheme, chooseByScheme } from "./scheme.ts";
import type { Refusal, TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";
import {
  type TagVersion,
  compareValues,
  differentLine,
  isSameRelease,
  parseVersion,
  rankOf,
} from "./version.ts";

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
  const scheme = schemeOf({ range: range.value, wide: wide.value, prerelease });
  const choice = chooseByScheme(withoutCommits(sieved), scheme);
  return ok(choice.chosen === null ? withOtherPrefix(choice, sieved) : choice);
}

/** Says where later tags only lack the `v`, or have one: a project that changed its mind goes on there. */
function withOtherPrefix(choice: TagChoice, { current, named }: Sieved): TagChoice {
  const base = parseVersion(current?.text ?? "");
  if (base === undefined) return choice;
  const later = named.flatMap(({ tag, text }) => {
    const version = /^v/i.test(text) === (base.prefix === "") ? parseVersion(text) : undefined;
    if (version === undefined) return [];
    const same = { ...version, prefix: base.prefix };
    const follows = differentLine(same, base) === undefined && compareValues(same, base) > 0;
    return follows && unasked(same, base) === undefined ? [{ tag, version: same }] : [];
  });
  const [best] = later.toSorted(
    (a, b) => compareValues(b.version, a.version) || compareSpelling(b.tag, a.tag),
  );
  if (best === undefined) return choice;
  const how =
    base.prefix === "" ? `begins with ${best.tag.slice(0, 1)}` : `does not begin with ${base.prefix}`;
  return { ...choice, reason: `${choice.reason.slice(0, -1)}; ${best.tag} ${how}.` };
}

const commit = /^[0-9a-f]{7,40}$/;
const date = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;

/**
 * Where tags are commits, one in thirty of their short names has digits only: it is no version where others of its length
 * have letters, unless it is a date.
 */
function withoutCommits(sieved: Sieved): Sieved {
  const { current, named } = sieved;
  const text = current?.text ?? "";
  if (current === null || !/^\d+$/.test(text) || !commit.test(text) || date.test(text)) return sieved;
  const lettered = named.some(
    (one) => one.text.length === text.length && commit.test(one.text) && /[a-f]/.test(one.text),
  );
  return lettered ? { ...sieved, current: { ...current, text: "" } } : sieved;
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
  const later = prerelease ? undefined : unasked(version, current);
  if (range === null || wide === null) return later;
  if (inRange(version, prerelease ? wide : range)) return undefined;
  if (later !== undefined && inRange(version, wide)) return later;
  return { verdict: "out-of-range", reason: `is outside ${range.raw}` };
}

/** A prerelease follows only one of its own release, as nobody who waits for a release asked for the next one's. */
function unasked(version: TagVersion, current: TagVersion): Refusal | undefined {
  if (version.prerelease === "") return undefined;
  if (current.prerelease === "")
    return { verdict: "prerelease", reason: "is a prerelease, and the current one is a release" };
  if (isSameRelease(version, current)) return undefined;
  return { verdict: "prerelease", reason: "is a prerelease of another release than the current one" };
}

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
