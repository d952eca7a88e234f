/** The semver policy in the dialects of Flux and Argo CD Image Updater: ranges and versions as Masterminds/semver means them. */

import { type Result, ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import { type VersionRange, isInRange, parseVersionRange } from "./masterminds-range.ts";
import { type Version, compareVersions, readVersion } from "./masterminds-version.ts";
import type { Policy } from "./policy.ts";
import { type Scheme, chooseByScheme } from "./scheme.ts";
import type { Refusal, TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** A range that is null is any release. `malformed` only for the range. */
export function chooseByMasterminds(
  sieved: Sieved,
  { range: rangeText, dialect }: Extract<Policy, { type: "semver" }>,
  prerelease: boolean,
): Result<TagChoice> {
  const range = parseVersionRange(rangeText ?? "*");
  if (!range.ok) return range;
  const scheme: Scheme<Version> = {
    noun: "version",
    range: rangeText,
    read: dialect === "masterminds" ? readFluxVersion : readVersion,
    compare: compareVersions,
    // What stands behind `-` is a prerelease here, so all versions have an order.
    differs: () => undefined,
    refuse: (version) => refuse(version, range.value, prerelease),
    kind: kindOf,
  };
  return ok(chooseByScheme(sieved, scheme));
}

/** Flux wants three parts with dots between them: https://github.com/fluxcd/pkg, `version/version.go`. */
function readFluxVersion(text: string): Version | undefined {
  return text.split(".").length < 3 ? undefined : readVersion(text);
}

function refuse(version: Version, range: VersionRange, prerelease: boolean): Refusal | undefined {
  if (isInRange(range, version, prerelease)) return undefined;
  if (isInRange(range, version, true)) {
    return { verdict: "prerelease", reason: `is a prerelease, and ${range.text} names none` };
  }
  return { verdict: "out-of-range", reason: `is outside ${range.text}` };
}

function kindOf(from: Version, to: Version): ChangeKind {
  if (from.numbers[0] !== to.numbers[0]) return "major";
  return from.numbers[1] === to.numbers[1] ? "patch" : "minor";
}
