/** The entries of `shapes`: where kinds that are not known by themselves name their images. */

import { z } from "zod";
import type { KindPaths } from "../manifests/kind-paths.ts";
import { parseImageReference } from "../model/image.ts";
import { oneOrMany, text } from "./setting-types.ts";

/** As in `KindPaths`. */
const step = String.raw`(?:\*|(?:[^\s.*\\[\]]|\\\.)+)(?:\[\])*`;
const path = z.string().regex(new RegExp(`^${step}(?:\\.${step})*$`), {
  error: (issue) =>
    `${JSON.stringify(issue.input)} is not a path, like spec.image, spec.items[].image or spec.*.image`,
});

const imageName = z.string().refine(
  (value) => {
    const parsed = parseImageReference(value);
    return parsed.ok && parsed.value.tag === undefined && parsed.value.digest === undefined;
  },
  { error: (issue) => `${JSON.stringify(issue.input)} is not the name of an image without its tag` },
);

export const shapeEntry = z.strictObject({
  kind: oneOrMany(text),
  group: z.string().max(200).default(""),
  paths: oneOrMany(path),
  image: imageName.optional(),
});

export function kindPathsOf({ kind, group, paths, image }: z.output<typeof shapeEntry>): KindPaths {
  return { group, kinds: kind, paths, ...(image === undefined ? {} : { image }) };
}
