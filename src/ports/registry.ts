import type { Result } from "../model/failure.ts";
import type { ImageLabels } from "../model/image-labels.ts";
import type { ImageReference } from "../model/image.ts";

/** Every tag of a repository of images. Only a listing of which every page came is ever returned. */
export interface TagList {
  readonly tags: readonly string[];
  /** Entries that are not tags by the OCI grammar, dropped. */
  readonly dropped: number;
}

/** What a tag points at. */
export interface ImageManifest {
  readonly digest: string;
  readonly mediaType: string;
}

/** The platforms of an image, as `os/architecture[/variant]`. */
export type Platforms = readonly string[];

/** A registry of container images, by the OCI distribution protocol. */
export interface Registry {
  /** All tags; `incomplete` when a page is missing, `unauthorized`, `not-found`, `rate-limited` as the registry says. */
  tags(image: ImageReference): Promise<Result<TagList>>;
  /** The digest behind a tag, by HEAD. */
  resolve(image: ImageReference, tag: string): Promise<Result<ImageManifest>>;
  /** The platforms behind a digest or tag: of each entry of an index, or of the one image's config. */
  platforms(image: ImageReference, reference: string): Promise<Result<Platforms>>;
  /** What the image behind a digest or tag says of itself: an index, else the first image in it, else that one's config. */
  labels(image: ImageReference, reference: string): Promise<Result<ImageLabels>>;
  /** When the image behind a digest or tag says it was made; null where it says nothing that can be true. See `labels`. */
  created(image: ImageReference, reference: string): Promise<Result<Date | null>>;
  /** Requests sent to registries since the start, tokens included. */
  readonly requests: number;
}
