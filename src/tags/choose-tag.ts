/** Chooses the tag that an image moves to; the one door to the policies. */

import type { Result } from "../model/failure.ts";
import { policies } from "./policies.ts";
import { type ImagePolicy, type Policy, newestVersion } from "./policy.ts";
import type { TagChoice, TagQuestion } from "./tag-choice.ts";
import { type Sieved, sieve } from "./tag-filter.ts";

/** By names alone; default: any newer version. `malformed` where the policy's range, format or pattern is. */
export function chooseTag(
  question: TagQuestion,
  { policy, tags }: ImagePolicy = newestVersion,
): Result<TagChoice> {
  const sieved = sieve(question, tags);
  return sieved.ok ? chooseBy(policy, sieved.value, tags.prerelease) : sieved;
}

/** The table's entry fits the policy's type, which the compiler cannot follow. */
function chooseBy<T extends Policy["type"]>(
  policy: Extract<Policy, { type: T }>,
  sieved: Sieved,
  prerelease: boolean,
): Result<TagChoice> {
  return policies[policy.type](sieved, policy, prerelease);
}
