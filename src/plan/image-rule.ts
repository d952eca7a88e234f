/** Which policy an image follows. */

import type { Config } from "../config/config.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import { type ImagePolicy, newestVersion } from "../tags/policy.ts";
import { matchesGlob } from "../text/glob.ts";

/**
 * That of the first entry of `images` that matches the image, as written or in full (`docker.io/library/nginx`), and the
 * environment; a place outside every app (`environment` null) follows only entries for all environments. Where none
 * matches, any newer version is taken.
 */
export function policyFor(
  images: Config["images"],
  image: ImageReference,
  environment: string | null,
): ImagePolicy {
  const rule = images.find(
    ({ match, environments }) =>
      (matchesGlob([match], image.name) || matchesGlob([match], imageKey(image))) &&
      (environments === undefined || (environment !== null && matchesGlob(environments, environment))),
  );
  return rule ?? newestVersion;
}
