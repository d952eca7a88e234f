/** What an image says of itself: where it comes from and what it is. */

/**
 * Words of whoever built the image: to be shown with care, and never to decide by. Each text is one line of at most 300
 * characters; null where the image says nothing, or nothing like that. An image that sets none has those of its base.
 */
export interface ImageLabels {
  /** Where the sources are: mostly an address, at times that of a git remote. */
  readonly source: string | null;
  /** The commit of the sources. */
  readonly revision: string | null;
  readonly version: string | null;
  /** Where there is more about the image. */
  readonly url: string | null;
  readonly documentation: string | null;
  /** An SPDX expression. */
  readonly licenses: string | null;
  /** When it was built; never the zero that reproducible builds write. */
  readonly created: Date | null;
}
