/** On which platforms an image runs. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { ImageReference } from "../model/image.ts";
import type { Platforms } from "../ports/registry.ts";
import type { ImageContents } from "./image-contents.ts";
import { named } from "./manifests.ts";

/** Every platform that an index names, or the platform of the one image. */
export async function readPlatforms(
  contents: ImageContents,
  image: ImageReference,
  reference: string,
  signal: AbortSignal,
): Promise<Result<Platforms>> {
  const manifest = await contents.manifest(image, reference, signal);
  if (!manifest.ok) return manifest;
  if (manifest.value.kind === "index") return ok(manifest.value.platforms);
  if (manifest.value.kind === "other") {
    return fail("malformed", `${named(image, reference)} is neither an index nor an image`);
  }
  const config = await contents.config(image, manifest.value.config, signal);
  if (!config.ok) return config;
  const { platform } = config.value;
  return platform === null
    ? fail("malformed", `the config of ${named(image, reference)} names no platform`)
    : ok([platform]);
}
