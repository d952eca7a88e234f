/** The policies by name: a new one is a file beside this one and a line here. */

import type { Result } from "../model/failure.ts";
import { chooseBySemver } from "./semver.ts";
import type { TagChoice, TagQuestion } from "./tag-choice.ts";

/** Answers for a setting as written behind the policy's name; null where there is none. */
type Policy = (question: TagQuestion, setting: string | null) => Result<TagChoice>;

export const policies = {
  semver: chooseBySemver,
} satisfies Record<string, Policy>;
