/** Reads a tag as a version, the way images are tagged: numbers, perhaps a prerelease, perhaps a suffix. */

import { compareDigits } from "./compare-digits.ts";
import { suffixShape } from "./suffix-shape.ts";

/** A tag that is a version. Two of them have an order only if they are of the same line (`sameLine`). */
export interface TagVersion {
  readonly tag: string;
  /** `v`, `V` or nothing. */
  readonly prefix: string;
  /** At least one; decimal digits as written. */
  readonly numbers: readonly string[];
  /** With its separator: `-rc.1` of `1.2.3-rc.1`, `rc1` of `1.2rc1`; empty for a release. */
  readonly prerelease: string;
  /** What has to stay as it is, with its separator: `-alpine3.18`; see `suffixShape` for what may stand in it. */
  readonly suffix: string;
  /** Counts of builds of the version, from the suffix: the `4` of `1.2.3-debian-12-r4`. */
  readonly builds: readonly string[];
}

/**
 * What marks a prerelease. Words that images also use for variants (`1.2.3-dev` has a shell, say) need a number behind
 * them, single letters too; alone they are a suffix, which is safe: it must stay as it is.
 */
const prereleases = [
  String.raw`[-_.]?(?:alpha|beta|rc|preview|pre)(?:[-_.]?\d+(?:\.\d+)*)?`,
  String.raw`[-_.]?(?:dev|snapshot|nightly|canary|milestone|ea|cr|next|unstable)[-_.]?\d+(?:\.\d+)*`,
  String.raw`[ab]\d+`,
  String.raw`[-.]m\d+`,
].join("|");
const pattern = new RegExp(
  String.raw`^(v?)(\d+(?:\.\d+)*)((?:${prereleases})(?![A-Za-z0-9]))?([-_.].*)?$`,
  "i",
);
const longestTag = 128;
/** A number this long counts time or builds rather than versions: 202401, 20240101, 1718000000. */
const stampLength = 6;
const year = /^(?:19|20)\d\d$/;

/** Undefined where a tag is no version: `latest`, `sha-1f2e3d`, `1a2b3c4`. */
export function parseVersion(tag: string): TagVersion | undefined {
  const found = tag.length > longestTag ? null : pattern.exec(tag);
  if (found === null) return undefined;
  const [, prefix = "", digits = "", prerelease = "", rest = ""] = found;
  const numbers = digits.split(".");
  if (rest === "") return { tag, prefix, numbers, prerelease, suffix: "", builds: none };
  const precision = numbers.length;
  const inYear = isYear(numbers[0]);
  const dated = stampDigits(numbers[0]) > 0 || (precision > 1 && inYear);
  const { text, builds } = suffixShape(rest, { precision, dated, year: precision === 1 && inYear });
  return { tag, prefix, numbers, prerelease, suffix: text, builds };
}

const none: readonly string[] = [];

/** Why two versions cannot be compared, as the end of a sentence; undefined where they can. */
export function differentLine(version: TagVersion, current: TagVersion): string | undefined {
  if (version.suffix !== current.suffix) {
    return current.suffix === "" ? `has the suffix ${version.suffix}` : `does not end in ${current.suffix}`;
  }
  if (version.numbers.length !== current.numbers.length) {
    return `has ${version.numbers.length} numbers, not ${current.numbers.length}`;
  }
  if (version.prefix !== current.prefix) {
    return current.prefix === "" ? `begins with ${version.prefix}` : `does not begin with ${current.prefix}`;
  }
  return isSameKind(version.numbers, current.numbers)
    ? undefined
    : "counts something else: its numbers are not of the same kind";
}

/** A stamp of so many digits, a year that leads, and an ordinary number are of three kinds. */
function isSameKind(left: readonly string[], right: readonly string[]): boolean {
  if (left.length > 1 && isYear(left[0]) !== isYear(right[0])) return false;
  return left.every((number, index) => stampDigits(number) === stampDigits(right[index]));
}

function isYear(number = ""): boolean {
  return year.test(number);
}

/** 0 for a number that is no stamp. */
function stampDigits(number = ""): number {
  return number.length < stampLength ? 0 : number.length;
}

/** What a number that does not lead counts to in a rank. */
const rankLimit = 2 ** 14;

/** A first guess at the order, much quicker than `compareValues`: where two ranks differ, the values are in their order. */
export function rankOf([first = "0", second = "0", third = "0"]: readonly string[]): number {
  const minor = Math.min(Number(second), rankLimit - 1);
  const patch = minor === rankLimit - 1 ? 0 : Math.min(Number(third), rankLimit - 1);
  return (Number(first) * rankLimit + minor) * rankLimit + patch;
}

/**
 * Orders two versions of one line: number by number whatever their size, a release after its prereleases, `rc9` before
 * `rc10`, then by builds. 0 for two spellings of one version (1.01.0, 1.1.0).
 */
export function compareValues(left: TagVersion, right: TagVersion): number {
  return (
    compareEach(left.numbers, right.numbers) ||
    compareStages(left.prerelease, right.prerelease) ||
    compareEach(left.builds, right.builds)
  );
}

function compareEach(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < left.length; index += 1) {
    const order = compareDigits(left[index] ?? "0", right[index] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

function compareStages(left: string, right: string): number {
  if (left !== "" && right !== "") return comparePrereleases(left, right);
  return Number(left === "") - Number(right === "");
}

/** Whether two versions are one release, or prereleases of it. */
export function isSameRelease({ numbers: left }: TagVersion, { numbers: right }: TagVersion): boolean {
  return compareEach(left, right) === 0;
}

function comparePrereleases(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => text.toLowerCase().match(/\d+|[a-z]+/g) ?? []);
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index += 1) {
    const order = compareParts(a?.[index], b?.[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A part that is missing comes first, then numbers, then words. */
function compareParts(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  const [leftIsNumber, rightIsNumber] = [/^\d/.test(left), /^\d/.test(right)];
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  if (leftIsNumber) return compareDigits(left, right);
  return left === right ? 0 : left < right ? -1 : 1;
}
