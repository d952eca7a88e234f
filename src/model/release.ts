/** What GitHub knows of a release. */

/** A release of some public repository, as whoever made it wrote it. */
export interface Release {
  readonly tag: string;
  readonly title: string;
  /** Markdown; cut at 10,000 characters. */
  readonly notes: string;
  readonly draft: boolean;
}
