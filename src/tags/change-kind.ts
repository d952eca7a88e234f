/** What kind of change a move of an image is, told by the policy that the image follows. */

import type { ChangeKind, ImageValue } from "../model/update.ts";
import { chooseTag } from "./choose-tag.ts";
import { type ImagePolicy, newestVersion } from "./policy.ts";

/**
 * By the policy's order; by the versions that the tags are where it has none for the two. Its limits play no part: a major
 * change that it would not make is one all the same. To an older version is `other`: only a commit that was signed and
 * healthy makes a rollback.
 */
export function changeKind(from: ImageValue, to: ImageValue, policy: ImagePolicy): ChangeKind {
  if (from.tag === to.tag) return "digest";
  const [current, tag] = [from.tag, to.tag];
  if (current === null || tag === null || policy.policy.type === "newest-build") return "tag";
  const kinds = [policy, newestVersion].map((one) => kindBy(withoutLimits(one), current, tag));
  return kinds.find((kind) => kind !== null) ?? "tag";
}

/** Null where the policy has no order for the two. */
function kindBy(policy: ImagePolicy, current: string, tag: string): ChangeKind | null {
  const choice = chooseTag({ current, tags: [tag] }, policy);
  if (!choice.ok) return null;
  const { chosen, kind, candidates } = choice.value;
  if (chosen === tag) return kind;
  return candidates.some((one) => one.tag === tag && one.verdict === "older") ? "other" : null;
}

function withoutLimits({ policy, tags }: ImagePolicy): ImagePolicy {
  return {
    policy: policy.type === "semver" ? { ...policy, range: null } : policy,
    tags: { ...tags, ignore: [], exclude: [], prerelease: true },
  };
}
