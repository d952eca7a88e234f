/** Versions as Masterminds/semver v3 reads them, the library behind Flux, Helm and Argo CD Image Updater. */

import { compareDigits, withoutZeros } from "./compare-digits.ts";

/** Three numbers without leading zeros, and the identifiers of a prerelease; none for a release. */
export interface Version {
  readonly numbers: readonly [major: string, minor: string, patch: string];
  readonly prerelease: readonly string[];
}

const pattern =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
/** Its numbers have 64 bits; a text with a larger one is no version. */
const largest = String(2n ** 64n - 1n);

/** Leading `v` and zeros are accepted and missing numbers are 0, but not zeros that lead in a prerelease. */
export function readVersion(text: string): Version | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", tail] = found;
  const prerelease = tail?.split(".") ?? [];
  if ([major, minor, patch].some((number) => !fits(number))) return undefined;
  if (prerelease.some((part) => /^0\d+$/.test(part))) return undefined;
  return { numbers: [withoutZeros(major), withoutZeros(minor), withoutZeros(patch)], prerelease };
}

function fits(digits: string): boolean {
  return compareDigits(digits, largest) <= 0;
}

/** Positive where the left one is later. */
export function compareVersions(left: Version, right: Version): number {
  return compareNumbers(left, right, 3) || comparePrereleases(left.prerelease, right.prerelease);
}

/** By the first so many numbers only. */
export function compareNumbers(left: Version, right: Version, count: number): number {
  for (let index = 0; index < count; index += 1) {
    const order = compareDigits(left.numbers[index] ?? "0", right.numbers[index] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

/** By https://semver.org/#spec-item-11, none being later than any. */
export function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return Number(left.length === 0) - Number(right.length === 0);
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers before words; a number of more than 64 bits is a word to it. */
function compareIdentifiers(left: string, right: string): number {
  const [a, b] = [left, right].map((part) => /^\d+$/.test(part) && fits(part));
  if (a && b) return compareDigits(left, right);
  if (a !== b) return a ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
}
