/** The policies by name: a new one is a file beside this one and a line here. */

import { type Result, ok } from "../model/failure.ts";
import { chooseByAlphabet } from "./alphabetical.ts";
import { chooseByCalendar } from "./calver.ts";
import { chooseByDigest } from "./digest.ts";
import { chooseLoosely } from "./loose-versioning.ts";
import { chooseByDate } from "./newest-build.ts";
import { chooseByNumber } from "./numerical.ts";
import type { Policy } from "./policy.ts";
import { chooseByGroups } from "./regex-versioning.ts";
import { chooseBySemver } from "./semver.ts";
import type { TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** Answers for the tags that are left; `malformed` only for the policy's own setting. */
type Choose<T extends Policy["type"]> = (
  sieved: Sieved,
  policy: Extract<Policy, { type: T }>,
  prerelease: boolean,
) => Result<TagChoice>;

export const policies: { readonly [T in Policy["type"]]: Choose<T> } = {
  semver: chooseBySemver,
  calver: chooseByCalendar,
  numerical: chooseByNumber,
  alphabetical: chooseByAlphabet,
  regex: chooseByGroups,
  loose: chooseLoosely,
  // Names tell no dates: `chooseByDate` is given them by whoever can read images.
  "newest-build": (sieved) => ok(chooseByDate(sieved, new Map())),
  digest: chooseByDigest,
};
