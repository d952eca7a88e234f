/** What an image says of itself, wherever it says it. */

import { type Result, ok } from "../model/failure.ts";
import type { ImageLabels } from "../model/image-labels.ts";
import type { ImageReference } from "../model/image.ts";
import type { ImageContents } from "./image-contents.ts";
import { firstLabels } from "./image-labels.ts";

/** The annotations of an index, then those of its first image, then the labels of that one's config: at most three reads. */
export async function readLabels(
  contents: ImageContents,
  image: ImageReference,
  reference: string,
  signal: AbortSignal,
): Promise<Result<ImageLabels>> {
  const top = await contents.manifest(image, reference, signal);
  if (!top.ok) return top;
  const { value } = top;
  if (isEnough(value.labels) || value.kind === "other") return ok(value.labels);
  if (value.kind === "image") return withConfig(contents, image, value, signal);
  if (value.first === null) return ok(value.labels);
  const first = await contents.manifest(image, value.first, signal);
  if (!first.ok) return first;
  const labels = firstLabels(value.labels, first.value.labels);
  if (isEnough(labels) || first.value.kind !== "image") return ok(labels);
  return withConfig(contents, image, { labels, config: first.value.config }, signal);
}

async function withConfig(
  contents: ImageContents,
  image: ImageReference,
  { labels, config }: { readonly labels: ImageLabels; readonly config: string },
  signal: AbortSignal,
): Promise<Result<ImageLabels>> {
  const found = await contents.config(image, config, signal);
  return found.ok ? ok(firstLabels(labels, found.value.labels)) : found;
}

/** Whoever annotates these three annotates the others too, if at all. */
function isEnough({ created, revision, source }: ImageLabels): boolean {
  return created !== null && revision !== null && source !== null;
}
