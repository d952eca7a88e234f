/** Which policy an image follows. */

import type { Config } from "../config/config.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import type { Statement } from "../model/update.ts";
import { type ImagePolicy, newestVersion } from "../tags/policy.ts";
import { matchesGlob } from "../text/glob.ts";
import { adoptedPolicy } from "./adopted-policy.ts";

/** A policy; or, with `refusal`, one sentence why the image is left alone. */
export interface FollowedPolicy {
  readonly policy: ImagePolicy;
  readonly refusal?: string;
}

/**
 * That of the first entry of `images` that matches the image, as written or in full (`docker.io/library/nginx`), and the
 * environment; a place outside every app (`environment` null) follows only entries for all environments. Where none
 * matches, what another tool's settings say of the place counts, and then any newer version is taken.
 */
export function policyFor(
  images: Config["images"],
  { image, statement }: { readonly image: ImageReference; readonly statement?: Statement },
  environment: string | null,
): FollowedPolicy {
  const rule = images.find(
    ({ match, environments }) =>
      (matchesGlob([match], image.name) || matchesGlob([match], imageKey(image))) &&
      (environments === undefined || (environment !== null && matchesGlob(environments, environment))),
  );
  if (rule !== undefined || statement === undefined) return { policy: rule ?? newestVersion };
  const adopted = adoptedPolicy(statement, image);
  if (!adopted.ok) return { policy: newestVersion, refusal: adopted.failure.message };
  const { digests, ...policy } = adopted.value;
  const pinned = digests === "pin" && image.digest !== undefined;
  return { policy: digests === undefined || pinned ? policy : adopted.value };
}
