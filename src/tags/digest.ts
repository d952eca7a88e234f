/** The digest policy: the tag stays, and what it points at is followed. */

import { type Result, ok } from "../model/failure.ts";
import type { TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** Chooses the current tag, listed or not: only the registry knows what is behind it now. */
export function chooseByDigest({ current, named, refused, skipped }: Sieved): Result<TagChoice> {
  const reason = "is not the tag that is followed";
  const others = named
    .filter(({ tag }) => tag !== current?.tag)
    .map(({ tag }) => ({ tag, verdict: "not-comparable", reason }) as const)
    .sort((left, right) => (left.tag < right.tag ? -1 : 1));
  const rest = { skipped, noun: "tag", outside: false };
  if (current === null) {
    const none = { chosen: null, kind: null, followers: [], candidates: [...others, ...refused] };
    return ok({ ...none, ...rest, reason: "The image has no tag whose digest could be followed." });
  }
  const { tag } = current;
  const followed = { tag, verdict: "chosen", reason: "is the tag that is followed" } as const;
  return ok({
    chosen: tag,
    kind: "digest",
    reason: `${tag} is followed by its digest.`,
    candidates: [followed, ...others, ...refused.filter((one) => one.tag !== tag)],
    followers: [{ tag, kind: "digest" }],
    ...rest,
  });
}
