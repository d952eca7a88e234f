/** Lists all tags of a repository, page by page, or says that the list is not whole. */

import { type Failure, type Result, fail, ok } from "../model/failure.ts";
import { type ImageReference, imageKey } from "../model/image.ts";
import type { TagList } from "../ports/registry.ts";
import type { Conversation } from "./conversation.ts";
import { nextPage } from "./next-page.ts";
import { PageMemory } from "./page-memory.ts";
import { type TagPage, readTagPage } from "./read-tag-page.ts";
import { largePage, normaliseHost, refusesLargePages, smallPage } from "./registry-host.ts";
import { refused, statusBehind } from "./status.ts";

const maximumBytes = 8 * 1024 * 1024;
const maximumTags = 200_000;
const maximumPages = 2_100;

/** A page with where it came from and where the next one is. */
interface Placed {
  readonly from: string;
  readonly page: TagPage;
  readonly next: URL | undefined;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export class TagPages {
  readonly #conversation: Conversation;
  readonly #memory = new PageMemory();
  /** Hosts that refused a large page and gave a small one. */
  readonly #small = new Set<string>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  async list(image: ImageReference, signal: AbortSignal): Promise<Result<TagList>> {
    const host = normaliseHost(image.registry);
    if (refusesLargePages(host) || this.#small.has(host)) return this.#listBy(image, smallPage, signal);
    const list = await this.#listBy(image, largePage, signal);
    if (list.ok || !pageSizeMayHelp(list.failure)) return list;
    const again = await this.#listBy(image, smallPage, signal);
    if (again.ok && list.failure.code === "rejected") this.#small.add(host);
    return again;
  }

  async #listBy(image: ImageReference, size: number, signal: AbortSignal): Promise<Result<TagList>> {
    const what = `the tag list of ${imageKey(image)}`;
    const tags = new Set<string>();
    const seen = new Set<string>();
    let dropped = 0;
    let path: string | URL | undefined = `tags/list?n=${size}`;
    for (let pages = 0; path !== undefined; pages += 1) {
      if (pages >= maximumPages) return fail("too-large", `${what} has more than ${maximumPages} pages`);
      const placed: Result<Placed> = await this.#page(image, path, signal);
      if (!placed.ok) return pages === 0 ? placed : unfinished(what, placed.failure);
      const { from, next, page }: Placed = placed.value;
      seen.add(from);
      const before = tags.size;
      for (const tag of page.tags) tags.add(tag);
      dropped += page.dropped;
      if (tags.size > maximumTags) return fail("too-large", `${what} has more than ${maximumTags} tags`);
      if (next !== undefined && seen.has(next.href)) return fail("incomplete", `${what} leads in a circle`);
      const full = next === undefined && page.entries === size;
      if (full && pages > 0 && tags.size === before) {
        return fail("incomplete", `${what} does not say how it goes on`);
      }
      path = full ? pageAfter(page.tags, size) : next;
    }
    return ok({ tags: [...tags], dropped });
  }

  async #page(image: ImageReference, path: string | URL, signal: AbortSignal): Promise<Result<Placed>> {
    const what = `the tag list of ${imageKey(image)}`;
    const key = `${imageKey(image)} ${String(path)}`;
    const known = this.#memory.get(key);
    const limits = { limit: maximumBytes, signal, etag: known?.etag };
    const answer = await this.#conversation.send(image, {
      method: "GET",
      path,
      accept: "application/json",
      ...limits,
    });
    if (!answer.ok) return answer;
    const { body, headers, status, url } = answer.value;
    if (status === 304 && known !== undefined) return ok({ from: url.href, ...known });
    if (status !== 200) return refused(answer.value, what);
    const page = await readTagPage(body, maximumTags, signal);
    if (page === undefined) return unreadable(image, signal);
    const next = nextPage(answer.value, what);
    if (!next.ok) return next;
    const etag = headers.get("etag");
    if (etag !== null) this.#memory.set(key, { etag, page, next: next.value });
    return ok({ from: url.href, page, next: next.value });
  }
}

/** The registry refused the page for its content, or making it was too much for it or for us. */
function pageSizeMayHelp(failure: Failure): boolean {
  return failure.code === "too-large" || statusBehind(failure) !== undefined;
}

/** A full page without a Link may be a proxy that drops the header; asking once more tells. */
function pageAfter(tags: readonly string[], size: number): string | undefined {
  const last = tags.at(-1);
  return last === undefined ? undefined : `tags/list?n=${size}&last=${encodeURIComponent(last)}`;
}

function unreadable({ registry, repository }: ImageReference, signal: AbortSignal): Result<never> {
  if (signal.aborted) return fail("timeout", `${registry} did not answer in time`);
  return fail("malformed", `${registry} answers with something that is no tag list of ${repository}`);
}

/** A later page failed: what came so far is no list. A rate limit stays one, because it says when to come back. */
function unfinished(what: string, failure: Failure): Result<never> {
  if (failure.code === "rate-limited" || failure.code === "incomplete") return { ok: false, failure };
  return fail("incomplete", `${what} is not whole: ${failure.message}`, { cause: failure });
}
