/** Which entry of `images` an image follows. */

import type { Config, ImageRule } from "../config/config.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import { matchesGlob } from "../text/glob.ts";

/**
 * The first entry that matches the image, as written or in full (`docker.io/library/nginx`), and the environment; a place
 * outside every app (`environment` null) follows only entries for all environments. Undefined: the default policy.
 */
export function ruleFor(
  images: Config["images"],
  image: ImageReference,
  environment: string | null,
): ImageRule | undefined {
  return images.find(
    ({ match, environments }) =>
      (matchesGlob([match], image.name) || matchesGlob([match], imageKey(image))) &&
      (environments === undefined || (environment !== null && matchesGlob(environments, environment))),
  );
}

/** The policy as `lockkeeper explain --policy` takes it. */
export function policyText(rule: ImageRule | undefined): string {
  return rule?.semver ? `semver:${rule.semver}` : "semver";
}
