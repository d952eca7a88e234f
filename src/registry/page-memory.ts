/** Pages of tags that came with an ETag, so that an unchanged one need not come again. */

import type { TagPage } from "./read-tag-page.ts";

/** A page as it came, with where the next one is. */
export interface RememberedPage {
  readonly etag: string;
  readonly page: TagPage;
  readonly next: URL | undefined;
}

/** Of all pages together; some 20 MB of texts. */
const mostTags = 250_000;

/** Forgets the pages that were not asked for longest. */
export class PageMemory {
  readonly #pages = new Map<string, RememberedPage>();
  #tags = 0;

  get(key: string): RememberedPage | undefined {
    const found = this.#pages.get(key);
    if (found === undefined) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, found);
    return found;
  }

  set(key: string, remembered: RememberedPage): void {
    this.#forget(key);
    this.#pages.set(key, remembered);
    this.#tags += sizeOf(remembered);
    for (const oldest of this.#pages.keys()) {
      if (this.#tags <= mostTags) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const found = this.#pages.get(key);
    if (found === undefined) return;
    this.#tags -= sizeOf(found);
    this.#pages.delete(key);
  }
}

/** An empty page takes room too. */
function sizeOf({ page }: RememberedPage): number {
  return page.tags.length + 1;
}
