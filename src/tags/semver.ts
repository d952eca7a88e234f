/** The default policy: the latest version of the same suffix, precision and prefix, never lower, within a range if one is given. */

import { Range, SemVer } from "semver";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import type { Candidate, TagChoice, TagQuestion } from "./tag-choice.ts";
import { type TagVersion, compareValues, compareVersions, differentLine, parseVersion } from "./version.ts";

/** Longer texts are no ranges that a person wrote; node-semver itself looks at 256 characters. */
const longestRange = 256;

/** Range of node-semver; `malformed` says how one is written. */
export function parseRange(text: string): Result<Range> {
  try {
    if (text.length <= longestRange) return ok(new Range(text));
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
export function chooseBySemver({ current, tags }: TagQuestion, rangeText: string | null): Result<TagChoice> {
  const range = rangeText === null ? ok(null) : parseRange(rangeText);
  if (!range.ok) return range;
  const names = [...new Set(tags)];
  const versions = names.flatMap((tag) => parseVersion(tag) ?? []);
  const skipped = names.length - versions.length;
  const base = current === null ? undefined : parseVersion(current);
  if (base === undefined) return ok(withoutOrder(current, versions, skipped));
  const sorted = versions.sort((left, right) => compareInList(left, right, base));
  const judged = sorted.map((version) => ({ version, verdict: judge(version, base, range.value) }));
  const best = judged.find(({ verdict }) => verdict === undefined)?.version;
  const candidates = judged.map(({ verdict, version }) => verdict ?? later(version, base, best));
  return ok({
    chosen: best?.tag ?? null,
    reason: reasonOf(base, best, candidates, rangeText),
    kind: best === undefined ? null : kindOf(base, best),
    candidates,
    skipped,
  });
}

/** Comparable ones first, latest first; the rest by code unit, so that no order of the registry shows. */
function compareInList(left: TagVersion, right: TagVersion, base: TagVersion): number {
  const [a, b] = [left, right].map((version) => Number(differentLine(version, base) !== undefined));
  if (a !== b) return Number(a) - Number(b);
  if (a === 0) return compareVersions(right, left);
  return left.tag < right.tag ? -1 : 1;
}

/** Why a version is not taken; undefined where it may be. */
function judge(version: TagVersion, base: TagVersion, range: Range | null): Candidate | undefined {
  const { tag } = version;
  if (tag === base.tag) return { tag, verdict: "current", reason: "is the current one" };
  const difference = differentLine(version, base);
  if (difference !== undefined) return { tag, verdict: "not-comparable", reason: difference };
  const order = compareValues(version, base);
  if (order === 0) return { tag, verdict: "older", reason: `is ${base.tag} written differently` };
  if (order < 0) return { tag, verdict: "older", reason: `is older than the current ${base.tag}` };
  if (version.prerelease !== "" && base.prerelease === "") {
    return { tag, verdict: "prerelease", reason: "is a prerelease, and the current one is a release" };
  }
  if (range !== null && !inRange(version, range)) {
    return { tag, verdict: "out-of-range", reason: `is outside ${range.raw}` };
  }
  return undefined;
}

function later(version: TagVersion, base: TagVersion, best: TagVersion | undefined): Candidate {
  const { tag } = version;
  if (best === undefined || best === version) {
    return { tag, verdict: "chosen", reason: `is the latest that may follow ${base.tag}` };
  }
  return {
    tag,
    verdict: "older",
    reason: `is newer than the current ${base.tag}, but older than ${best.tag}`,
  };
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
  const index = from.numbers.findIndex((number, at) => BigInt(number) !== BigInt(to.numbers[at] ?? "0"));
  if (index === 0) return "major";
  return index === 1 ? "minor" : "patch";
}

function reasonOf(
  base: TagVersion,
  best: TagVersion | undefined,
  candidates: readonly Candidate[],
  range: string | null,
): string {
  const limits = range === null ? "" : ` within ${range}`;
  if (best !== undefined) return `${best.tag} is the latest version${limits} that may follow ${base.tag}.`;
  const held = candidates.find(({ verdict }) => verdict === "out-of-range" || verdict === "prerelease");
  if (held !== undefined) return `Nothing newer than ${base.tag} is allowed: ${held.tag} ${held.reason}.`;
  return `${base.tag} is the latest of its kind.`;
}

function withoutOrder(current: string | null, versions: readonly TagVersion[], skipped: number): TagChoice {
  const what = current === null ? "The image has no tag" : `${current} is not a version`;
  const candidates = versions
    .map(
      ({ tag }) =>
        ({ tag, verdict: "not-comparable", reason: "has no current version to compare with" }) as const,
    )
    .sort((left, right) => (left.tag < right.tag ? -1 : 1));
  return { chosen: null, reason: `${what}, so no tag is newer than it.`, kind: null, candidates, skipped };
}
