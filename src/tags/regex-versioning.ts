/** The regex policy: versions by the named groups of a pattern. https://docs.renovatebot.com/modules/versioning/regex/ */

import type { Matcher } from "re2js";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import { compareDigits } from "./compare-digits.ts";
import { compareNatural } from "./compare-natural.ts";
import type { Policy } from "./policy.ts";
import { chooseByScheme } from "./scheme.ts";
import type { Refusal, TagChoice } from "./tag-choice.ts";
import { type Sieved, compilePattern } from "./tag-filter.ts";

/** Groups that are whole numbers, the most significant first; one that a tag has not counts as 0. */
const numberGroups = ["major", "minor", "patch", "build", "revision"] as const;

interface GroupedVersion {
  readonly numbers: readonly string[];
  /** Empty for a release. */
  readonly prerelease: string;
  /** Has to stay; null where the group is not in the tag, which is not the same as empty. */
  readonly compatibility: string | null;
}

/** `malformed` where the pattern is none, or has none of the groups major, minor and patch. */
export function compileVersioning(source: string): Result<(text: string) => GroupedVersion | undefined> {
  const pattern = compilePattern(source);
  if (!pattern.ok) return pattern;
  const groups = pattern.value.namedGroups();
  if (!["major", "minor", "patch"].some((name) => Object.hasOwn(groups, name)))
    return fail("malformed", `${JSON.stringify(source)} has none of the groups major, minor and patch`);
  return ok((text) => {
    const matcher = pattern.value.matcher(text);
    return matcher.find() ? readGroups(matcher, groups) : undefined;
  });
}

/** Undefined where a group that is to be a number is none. */
function readGroups(matcher: Matcher, groups: Readonly<Record<string, number>>): GroupedVersion | undefined {
  const group = (name: string): string | null =>
    Object.hasOwn(groups, name) ? (matcher.group(name) ?? null) : null;
  const numbers = numberGroups.map((name) => group(name) || "0");
  if (!numbers.every((number) => /^\d+$/.test(number))) return undefined;
  return { numbers, prerelease: group("prerelease") ?? "", compatibility: group("compatibility") };
}

/** A prerelease follows a release only where that is asked for, else only another one of the same release. */
export function chooseByGroups(
  sieved: Sieved,
  { pattern }: Extract<Policy, { type: "regex" }>,
  prerelease: boolean,
): Result<TagChoice> {
  const read = compileVersioning(pattern);
  if (!read.ok) return read;
  return ok(
    chooseByScheme<GroupedVersion>(sieved, {
      noun: "version of that pattern",
      range: null,
      read: read.value,
      compare: compareGrouped,
      differs,
      refuse: (version, current) => (prerelease ? undefined : refuse(version, current)),
      kind: kindOf,
    }),
  );
}

function compareGrouped(left: GroupedVersion, right: GroupedVersion): number {
  const index = firstDifference(left, right);
  if (index >= 0) return compareDigits(left.numbers[index] ?? "0", right.numbers[index] ?? "0");
  if (left.prerelease === "" || right.prerelease === "")
    return Number(left.prerelease === "") - Number(right.prerelease === "");
  return compareNatural(left.prerelease, right.prerelease);
}

function firstDifference(left: GroupedVersion, right: GroupedVersion): number {
  return left.numbers.findIndex((number, at) => compareDigits(number, right.numbers[at] ?? "0") !== 0);
}

function differs({ compatibility }: GroupedVersion, current: GroupedVersion): string | undefined {
  if (compatibility === current.compatibility) return undefined;
  const [own, needed] = [compatibility, current.compatibility].map((text) => JSON.stringify(text ?? ""));
  return `is of the compatibility ${own}, not ${needed}`;
}

function refuse(version: GroupedVersion, current: GroupedVersion): Refusal | undefined {
  if (version.prerelease === "") return undefined;
  const reason =
    current.prerelease === ""
      ? "is a prerelease, and the current one is a release"
      : "is a prerelease of another release than the current one";
  const index = firstDifference(version, current);
  const same = current.prerelease !== "" && (index < 0 || index > 2);
  return same ? undefined : { verdict: "prerelease", reason };
}

function kindOf(from: GroupedVersion, to: GroupedVersion): ChangeKind {
  const index = firstDifference(from, to);
  if (index === 0) return "major";
  return index === 1 ? "minor" : "patch";
}
