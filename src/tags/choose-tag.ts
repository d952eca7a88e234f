/** Chooses the tag that an image moves to; the one door to the policies. */

import { type Result, ok } from "../model/failure.ts";
import { policies } from "./policies.ts";
import { type ImagePolicy, type Policy, newestVersion } from "./policy.ts";
import type { TagChoice, TagQuestion } from "./tag-choice.ts";
import { type Sieved, sieve } from "./tag-filter.ts";
import { writtenParts } from "./written-part.ts";

/**
 * By names alone; default: any newer version. Where digests are followed, the current tag comes behind all that are newer, as
 * a follower of the kind `digest`. Where a part of a tag is written, that stands for the tag here. `malformed` where the policy's range, format or pattern is.
 */
export function chooseTag(
  question: TagQuestion,
  { policy, tags, digests, part }: ImagePolicy = newestVersion,
): Result<TagChoice> {
  const texts = part === undefined ? ok(question.tags) : writtenParts(question.tags, part);
  if (!texts.ok) return texts;
  const sieved = sieve({ current: question.current, tags: texts.value }, tags);
  if (!sieved.ok) return sieved;
  const choice = chooseBy(policy, sieved.value, tags.prerelease);
  return choice.ok && digests !== undefined ? ok(withDigest(choice.value)) : choice;
}

/** A tag without a place in the order, or outside the range, is left alone. */
function withDigest(choice: TagChoice): TagChoice {
  const current = choice.candidates.find(({ verdict }) => verdict === "current");
  if (current === undefined || choice.outside) return choice;
  const { tag } = current;
  const followers = [...choice.followers, { tag, kind: "digest" } as const];
  return choice.chosen === null
    ? { ...choice, chosen: tag, kind: "digest", followers }
    : { ...choice, followers };
}

/** The table's entry fits the policy's type, which the compiler cannot follow. */
function chooseBy<T extends Policy["type"]>(
  policy: Extract<Policy, { type: T }>,
  sieved: Sieved,
  prerelease: boolean,
): Result<TagChoice> {
  return policies[policy.type](sieved, policy, prerelease);
}
