/** The name of an image by which two spellings of it are told to be the same. */

import { imageKey, parseImageReference } from "../model/image.ts";

/** With its registry, and Docker Hub's `library/`, filled in; as it is where it is no image. */
export function fullName(image: string): string {
  const parsed = parseImageReference(image);
  return parsed.ok ? imageKey(parsed.value) : image;
}
