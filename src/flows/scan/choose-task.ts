/** The choice among the tags of an image, in a thread where there are many: a registry lists up to 200,000. */

import type { Result } from "../../model/failure.ts";
import type { Task } from "../../ports/threads.ts";
import { chooseTag } from "../../tags/choose-tag.ts";
import type { ImagePolicy } from "../../tags/policy.ts";
import type { TagChoice, TagQuestion } from "../../tags/tag-choice.ts";

interface ChooseInput {
  readonly question: TagQuestion;
  readonly policy: ImagePolicy;
}

/** Tags that are judged within some milliseconds; with a pattern, each may take one by itself. */
const few = { plain: 5000, matched: 20 };

function isSmall({ question, policy }: ChooseInput): boolean {
  const { pattern, ignore, exclude = [] } = policy.tags;
  const patterns = [pattern, policy.part ?? null].filter((one) => one !== null);
  const plain = patterns.length + ignore.length + exclude.length === 0 && policy.policy.type !== "regex";
  return question.tags.length <= (plain ? few.plain : few.matched);
}

/** With the verdict on every tag. */
export const chooseAndExplain: Task<ChooseInput, Result<TagChoice>> = {
  module: import.meta.url,
  name: "chooseAndExplain",
  isSmall,
  run: ({ question, policy }) => [chooseTag(question, policy)],
};

/** More followers are never looked at. */
const mostFollowers = 100;

/** Without candidates and with the latest followers only: what is to be done needs no more, and the rest costs time to hand over. */
export const choose: Task<ChooseInput, Result<TagChoice>> = {
  module: import.meta.url,
  name: "choose",
  isSmall,
  run: ({ question, policy }) => {
    const choice = chooseTag(question, policy);
    if (!choice.ok) return [choice];
    const followers = choice.value.followers.slice(0, mostFollowers);
    return [{ ok: true, value: { ...choice.value, followers, candidates: [] } }];
  },
};
