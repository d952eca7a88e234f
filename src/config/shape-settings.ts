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

/** A step has at most one star or pair of braces, so that no pattern takes long. */
const glob = z
  .string()
  .max(300)
  .regex(/^(?:\*\*|[^/*{}]*(?:\*|\{\w+\})?[^/*{}]*)(?:\/(?:\*\*|[^/*{}]*(?:\*|\{\w+\})?[^/*{}]*))*$/, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a path like tags/*/{app} or charts/**/Chart.yaml`,
  });

export const shapeEntry = z
  .strictObject({
    kind: oneOrMany(text).optional(),
    files: glob.optional(),
    group: z.string().max(200).default(""),
    paths: oneOrMany(path),
    image: z.string().optional(),
  })
  .superRefine(({ kind, files, image }, context) => {
    if ((kind === undefined) === (files === undefined))
      context.addIssue({ code: "custom", message: "needs a kind or files, and not both", path: ["kind"] });
    const names = [...(files ?? "").matchAll(/\{(\w+)\}/g)].map(([whole]) => whole);
    const whole = names.reduce((name, brace) => name.replaceAll(brace, "x"), image ?? "x");
    if (!isImageName(whole)) {
      const message = `${JSON.stringify(image)} is not the name of an image without its tag`;
      context.addIssue({ code: "custom", message, path: ["image"] });
    }
  });

function isImageName(value: string): boolean {
  const parsed = parseImageReference(value);
  return parsed.ok && parsed.value.tag === undefined && parsed.value.digest === undefined;
}

export function kindPathsOf({ kind, files, group, paths, image }: z.output<typeof shapeEntry>): KindPaths {
  return {
    group,
    kinds: kind ?? [],
    paths,
    ...(files === undefined ? {} : { files }),
    ...(image === undefined ? {} : { image }),
  };
}
