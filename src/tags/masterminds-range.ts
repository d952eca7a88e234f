/** Ranges as Masterminds/semver v3 reads them. Facts: https://github.com/Masterminds/semver, `constraints.go` at v3.4. */

import { type Result, fail, ok } from "../model/failure.ts";
import {
  type Version,
  compareNumbers,
  comparePrereleases,
  compareVersions,
  readVersion,
} from "./masterminds-version.ts";

/** One comparison. */
interface Comparator {
  readonly operator: string;
  /** With 0 for the numbers that were not given. */
  readonly version: Version;
  /** How many numbers were given before the first wildcard or gap: 0 for `*`, 1 for `1` and `1.x`, 3 for `1.2.3`. */
  readonly given: number;
}

/** Comparators that must all hold. */
type Group = readonly Comparator[];

/** One of the groups must hold. */
export interface VersionRange {
  readonly text: string;
  readonly groups: readonly Group[];
}

const longestRange = 256;
const number = String.raw`[0-9xX*]+`;
const parts = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const version = String.raw`v?(${number})(?:\.(${number}))?(?:\.(${number}))?(-${parts})?(?:\+${parts})?`;
const bounds = new RegExp(String.raw`\s*(${version})\s+-\s+(${version})\s*`, "g");
/** With what stands between it and the next one. */
const comparator = new RegExp(String.raw`^(!=|>=|=>|<=|=<|~>|=|>|<|~|\^)?\s*${version}(\s*,\s*|\s+|$)`);

/** `malformed` says how a range is written. */
export function parseVersionRange(text: string): Result<VersionRange> {
  const groups = text.length > longestRange ? [] : alternatives(text).map(readGroup);
  const read = groups.flatMap((group) => group ?? []);
  if (read.length > 0 && groups.every((group) => group !== undefined)) {
    return ok({ text, groups: groups.flatMap((group) => (group === undefined ? [] : [group])) });
  }
  const shown = JSON.stringify(text.slice(0, longestRange));
  return fail(
    "malformed",
    `${shown} is not a range of Masterminds/semver; write one as "^1.2", "~1.2.3", "1.x" or ">=1.2.0, <2.0.0"`,
  );
}

/** `1.2 - 1.4` stands for both its bounds. */
function alternatives(text: string): readonly string[] {
  return text
    .replaceAll(bounds, (_, from: string, ...rest: string[]) => `>=${from}, <=${rest[4] ?? ""} `)
    .split("||");
}

/** Undefined where one of them cannot be read, or none is there. */
function readGroup(text: string): Group | undefined {
  const group: Comparator[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const found = comparator.exec(rest);
    const read = found === null ? undefined : readComparator(found);
    if (found === null || read === undefined) return undefined;
    group.push(read);
    rest = rest.slice(found[0].length);
    if (rest === "" && found[6]?.includes(",")) return undefined;
  }
  return group.length === 0 ? undefined : group;
}

function readComparator(found: RegExpExecArray): Comparator | undefined {
  const [, operator = "", major = "", minor = "", patch = "", prerelease = ""] = found;
  const numbers = [major, minor, patch];
  const wild = numbers.findIndex((part) => part === "" || /^[xX*]$/.test(part));
  const given = wild < 0 ? 3 : wild;
  const read = readVersion(
    [0, 1, 2].map((index) => (index < given ? (numbers[index] ?? "0") : "0")).join(".") + prerelease,
  );
  return read === undefined ? undefined : { operator, version: read, given };
}

/**
 * Whether a version is in a range. A prerelease is only in a group of which a comparator has one (`>=1.0-0`), then of any
 * later release too, unlike in node-semver; or where all are asked for.
 */
export function isInRange(range: VersionRange, version: Version, prereleases: boolean): boolean {
  return range.groups.some((group) => {
    const named = group.some((one) => one.version.prerelease.length > 0);
    if (version.prerelease.length > 0 && !named && !prereleases) return false;
    return group.every((one) => holds(version, one));
  });
}

type Test = (version: Version, comparator: Comparator) => boolean;

/** By operator; `=` is also the one that is not written. */
const tests: Readonly<Record<string, Test>> = {
  "=": isSame,
  "!=": isOther,
  ">": (version, to) =>
    to.given === 1 || to.given === 2
      ? compareNumbers(version, to.version, to.given) > 0
      : compareVersions(version, to.version) > 0,
  ">=": (version, to) => compareVersions(version, to.version) >= 0,
  "<": (version, to) => compareVersions(version, to.version) < 0,
  "<=": (version, to) =>
    to.given === 3
      ? compareVersions(version, to.version) <= 0
      : compareNumbers(version, to.version, to.given === 1 ? 1 : 2) <= 0,
  "~": isNear,
  "^": isCompatible,
};

const spellings: Readonly<Record<string, string>> = { "": "=", "=>": ">=", "=<": "<=", "~>": "~" };

function holds(version: Version, to: Comparator): boolean {
  return tests[spellings[to.operator] ?? to.operator]?.(version, to) ?? false;
}

function isSame(version: Version, to: Comparator): boolean {
  return to.given === 3 ? compareVersions(version, to.version) === 0 : isNear(version, to);
}

/** `!=1.2` is every version outside 1.2; prereleases are told apart within it. */
function isOther(version: Version, to: Comparator): boolean {
  if (to.given === 1) return compareNumbers(version, to.version, 1) !== 0;
  if (to.given !== 2) return compareVersions(version, to.version) !== 0;
  return (
    compareNumbers(version, to.version, 2) !== 0 ||
    comparePrereleases(version.prerelease, to.version.prerelease) !== 0
  );
}

/** The same minor release, or the same major one where no more is given; `*` and `~0.0.0` are any. */
function isNear(version: Version, to: Comparator): boolean {
  if (compareVersions(version, to.version) < 0) return false;
  const any = to.given !== 1 && to.given !== 2 && to.version.numbers.every((part) => part === "0");
  return any || compareNumbers(version, to.version, to.given === 1 ? 1 : 2) === 0;
}

/** Up to the next change of the first number that is not 0, of those that are given; `^*` is 0.0.0 to that library. */
function isCompatible(version: Version, to: Comparator): boolean {
  if (compareVersions(version, to.version) < 0) return false;
  const [major, minor] = to.version.numbers;
  if (major !== "0" || to.given === 1) return compareNumbers(version, to.version, 1) === 0;
  const count = minor !== "0" || to.given === 2 ? 2 : 3;
  return compareNumbers(version, to.version, count) === 0;
}
