/** Which policy an image follows. */

import type { Config } from "../config/config.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import type { Occurrence } from "../model/update.ts";
import { type ImagePolicy, newestVersion } from "../tags/policy.ts";
import { matchesGlob } from "../text/glob.ts";
import { adoptedPolicy } from "./adopted-policy.ts";

/** A policy; or, with `refusal`, one sentence why the image is left alone. */
export interface FollowedPolicy {
  readonly policy: ImagePolicy;
  readonly refusal?: string;
}

/** An image where it stands; `edits` as in an occurrence. */
export interface PlacedImage extends Pick<Occurrence, "statement" | "edits"> {
  readonly image: ImageReference;
}

/**
 * That of the first entry of `images` that matches the image, as written or in full (`docker.io/library/nginx`), and the
 * environment; a place outside every app (`environment` null) follows only entries for all environments. Where none
 * matches, what another tool's settings say of the place counts, and then any newer version is taken.
 */
export function policyFor(
  images: Config["images"],
  place: PlacedImage,
  environment: string | null,
): FollowedPolicy {
  const { image, statement } = place;
  const rule = images.find(
    ({ match, environments }) =>
      (matchesGlob([match], image.name) || matchesGlob([match], imageKey(image))) &&
      (environments === undefined || (environment !== null && matchesGlob(environments, environment))),
  );
  if (rule !== undefined || statement === undefined) return inPlace(rule ?? newestVersion, place);
  const adopted = adoptedPolicy(statement, image);
  if (adopted.ok) return inPlace(adopted.value, place);
  return { policy: newestVersion, refusal: adopted.failure.message };
}

/** A digest needs a place of its own, or the tag's beside its name; one that is there is pinned. */
function inPlace(policy: ImagePolicy, { image, edits }: PlacedImage): FollowedPolicy {
  const pinned = image.digest !== undefined;
  const roomy = pinned || edits === undefined || edits.some(({ role }) => role === "value");
  if (policy.policy.type === "digest" && !roomy) return { policy, refusal: noRoom };
  const { digests, ...rest } = policy;
  const kept = digests === "follow" ? roomy : digests === "pin" && roomy && !pinned;
  return { policy: kept ? policy : rest };
}

const noRoom = "The tag stands without a digest that could be followed: write the one that it has beside it.";
