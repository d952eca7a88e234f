/** Chooses the tag that an image moves to; the one door to the policies. */

import type { Result } from "../model/failure.ts";
import { policies } from "./policies.ts";
import { type Policy, type TagRule, newestVersion } from "./policy.ts";
import type { TagChoice, TagQuestion } from "./tag-choice.ts";
import { type Sieved, sieve } from "./tag-filter.ts";

/** By a rule, default: any newer version. `malformed` where the rule's range, format or pattern is. */
export function chooseTag(question: TagQuestion, rule: TagRule = newestVersion): Result<TagChoice> {
  const sieved = sieve(question, rule);
  return sieved.ok ? chooseBy(rule.policy, sieved.value, rule.prerelease) : sieved;
}

/** The table's entry fits the policy's type, which the compiler cannot follow. */
function chooseBy<T extends Policy["type"]>(
  policy: Extract<Policy, { type: T }>,
  sieved: Sieved,
  prerelease: boolean,
): Result<TagChoice> {
  return policies[policy.type](sieved, policy, prerelease);
}
