/** When an image was made, as far as it says so. */

import { z } from "zod";
import { type Result, ok } from "../model/failure.ts";
import { type ImageReference, isDigest } from "../model/image.ts";
import type { Conversation } from "./conversation.ts";
import { getConfig, getManifest } from "./manifests.ts";

/** Of https://github.com/opencontainers/image-spec, `annotations.md`; on an index or a manifest. */
const annotation = "org.opencontainers.image.created";
const annotated = z.object({ annotations: z.object({ [annotation]: z.string() }) });
const digest = z.string().refine(isDigest);
const index = z.object({
  manifests: z.array(z.object({ digest, platform: z.object({ os: z.string() }).optional() })),
});
const manifest = z.object({ config: z.object({ digest }) });
const config = z.object({ created: z.string() });

/** There were no images before; builds that are to be reproducible give 1970 or 1980. */
const firstYear = 2013;

/** By the annotation, else by the config of the first image of an index; null where neither holds a date that can be true. */
export async function readCreated(
  conversation: Conversation,
  image: ImageReference,
  reference: string,
  signal: AbortSignal,
): Promise<Result<Date | null>> {
  const top = await getManifest(conversation, image, reference, signal);
  if (!top.ok) return top;
  const said = annotatedDate(top.value.content);
  const entries = index.safeParse(top.value.content);
  if (said !== null || !entries.success) {
    return said === null ? configDate(conversation, image, top.value.content, signal) : ok(said);
  }
  const first = entries.data.manifests.find(({ platform }) => platform?.os !== "unknown");
  if (first === undefined) return ok(null);
  const child = await getManifest(conversation, image, first.digest, signal);
  if (!child.ok) return child;
  const own = annotatedDate(child.value.content);
  return own === null ? configDate(conversation, image, child.value.content, signal) : ok(own);
}

function annotatedDate(content: unknown): Date | null {
  const found = annotated.safeParse(content);
  return found.success ? dateOf(found.data.annotations[annotation]) : null;
}

async function configDate(
  conversation: Conversation,
  image: ImageReference,
  content: unknown,
  signal: AbortSignal,
): Promise<Result<Date | null>> {
  const found = manifest.safeParse(content);
  if (!found.success) return ok(null);
  const blob = await getConfig(conversation, image, found.data.config.digest, signal);
  if (!blob.ok) return blob;
  const read = config.safeParse(blob.value);
  return ok(read.success ? dateOf(read.data.created) : null);
}

function dateOf(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < firstYear ? null : date;
}
