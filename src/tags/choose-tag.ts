/** Chooses the tag that an image moves to; the one door to the policies. */

import type { Result } from "../model/failure.ts";
import { policies } from "./policies.ts";
import type { TagChoice, TagQuestion } from "./tag-choice.ts";

/** `semver` is a range of node-semver, or null for any newer version; a range that does not parse is `malformed`. */
export function chooseTag(question: TagQuestion & { readonly semver: string | null }): Result<TagChoice> {
  return policies.semver(question, question.semver);
}
