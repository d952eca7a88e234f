/** What manifests and configs say, each read once: a digest never changes, and registries count each reading as a pull. */

import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ImageLabels } from "../model/image-labels.ts";
import { type ImageReference, imageKey, isDigest } from "../model/image.ts";
import type { Conversation } from "./conversation.ts";
import { dateOf, firstLabels, labelsIn } from "./image-labels.ts";
import { keepAnswers } from "./keep-answers.ts";
import { getConfig, getManifest, named } from "./manifests.ts";
import { shareCalls } from "./share-calls.ts";

/** An index with the platforms in it and the digest of its first image, or an image with the digest of its config. */
export type ManifestContent = { readonly labels: ImageLabels } & (
  | { readonly kind: "index"; readonly platforms: readonly string[]; readonly first: string | null }
  | { readonly kind: "image"; readonly config: string }
  | { readonly kind: "other" }
);

export interface ConfigContent {
  readonly labels: ImageLabels;
  /** Null where it names none. */
  readonly platform: string | null;
}

const mostEntries = 1000;
const platformSchema = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const indexSchema = z.object({
  manifests: z.array(z.object({ digest: z.unknown().optional(), platform: platformSchema.optional() })),
});
const manifestSchema = z.object({ config: z.object({ digest: z.string().refine(isDigest) }) });
const annotatedSchema = z.object({ annotations: z.unknown() });
const configSchema = z.object({
  created: z.unknown().optional(),
  config: z.object({ Labels: z.unknown().optional() }).optional().catch(undefined),
});

export class ImageContents {
  readonly #conversation: Conversation;
  readonly #kept = keepAnswers();
  readonly #shared = shareCalls();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** Behind a digest or tag; `other` is a manifest of neither kind, as of an artifact. */
  manifest(image: ImageReference, reference: string, signal: AbortSignal): Promise<Result<ManifestContent>> {
    return this.#once(reference, `manifest ${imageKey(image)} ${reference}`, async () => {
      const found = await getManifest(this.#conversation, image, reference, signal);
      return found.ok ? contentOf(found.value.content, named(image, reference)) : found;
    });
  }

  config(image: ImageReference, reference: string, signal: AbortSignal): Promise<Result<ConfigContent>> {
    return this.#once(reference, `config ${imageKey(image)} ${reference}`, async () => {
      const found = await getConfig(this.#conversation, image, reference, signal);
      return found.ok ? ok(configOf(found.value)) : found;
    });
  }

  #once<T>(reference: string, key: string, ask: () => Promise<Result<T>>): Promise<Result<T>> {
    return this.#kept(reference, key, () => this.#shared(key, ask));
  }
}

function contentOf(content: unknown, what: string): Result<ManifestContent> {
  const labels = labelsIn(annotatedSchema.safeParse(content).data?.annotations);
  const index = indexSchema.safeParse(content);
  if (index.success) {
    const { manifests } = index.data;
    if (manifests.length > mostEntries) return fail("too-large", `${what} has too many images in it`);
    // What tells of how an image was built stands beside it as though it were one.
    const images = manifests.filter(({ platform }) => platform?.os !== "unknown");
    const platforms = new Set(images.flatMap(({ platform }) => platform ?? []).map(platformText));
    const first = images[0]?.digest;
    return ok({
      kind: "index",
      labels,
      platforms: [...platforms],
      first: typeof first === "string" && isDigest(first) ? first : null,
    });
  }
  const single = manifestSchema.safeParse(content);
  return ok(
    single.success ? { kind: "image", labels, config: single.data.config.digest } : { kind: "other", labels },
  );
}

/** Its own date goes before the one of a label, which may be that of its base. */
function configOf(content: unknown): ConfigContent {
  const config = configSchema.safeParse(content);
  const own = { ...labelsIn(undefined), created: dateOf(config.data?.created) };
  const platform = platformSchema.safeParse(content);
  return {
    labels: firstLabels(own, labelsIn(config.data?.config?.Labels)),
    platform: platform.success ? platformText(platform.data) : null,
  };
}

function platformText({ architecture, os, variant }: z.output<typeof platformSchema>): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}
