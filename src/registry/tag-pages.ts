/** Lists all tags of a repository, page by page, or says that the list is not whole. */

import { setImmediate } from "node:timers/promises";
import { type Failure, type Result, fail, ok } from "../model/failure.ts";
import { type ImageReference, imageKey, normaliseHost } from "../model/image.ts";
import type { TagList } from "../ports/registry.ts";
import type { Conversation } from "./conversation.ts";
import { nextPage } from "./next-page.ts";
import { PageMemory } from "./page-memory.ts";
import { type NoTagPage, type TagPage, readTagPage } from "./read-tag-page.ts";
import { largePage, refusesLargePages, smallPage } from "./registry-host.ts";
import { refused, statusBehind } from "./status.ts";

const maximumBytes = 8 * 1024 * 1024;
const maximumTags = 200_000;
const maximumPages = 2_100;
/** Pages in a row that bring nothing new; a registry that filters may send a few. */
const patience = 20;
/** So many are done in a millisecond or two. */
const sliceTags = 10_000;

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
    const walk: Walk = { tags: new Set(), seen: new Set(), dropped: 0, idle: 0, probing: false };
    let path: string | URL | undefined = `tags/list?n=${size}`;
    while (path !== undefined) {
      const placed = await this.#page(image, path, signal);
      if (!placed.ok) return walk.seen.size === 0 ? placed : unfinished(what, placed.failure);
      const before = walk.tags.size;
      await addTags(walk.tags, placed.value.page.tags);
      walk.idle = walk.tags.size > before ? 0 : walk.idle + 1;
      walk.dropped += placed.value.page.dropped;
      walk.seen.add(placed.value.from);
      const next: Result<string | URL | undefined> = onward(walk, placed.value, size, what);
      if (!next.ok) return next;
      path = next.value;
    }
    return ok({ tags: [...walk.tags], dropped: walk.dropped });
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
    if (typeof page === "string") return unreadable(image, page);
    const next = nextPage(answer.value, what);
    if (!next.ok) return next;
    const etag = headers.get("etag");
    if (etag !== null) this.#memory.set(key, { etag, page, next: next.value });
    return ok({ from: url.href, page, next: next.value });
  }
}

/** What a listing has brought so far. */
interface Walk {
  readonly tags: Set<string>;
  /** Where its pages came from. */
  readonly seen: Set<string>;
  dropped: number;
  /** Pages in a row that brought nothing new. */
  idle: number;
  /** Whether the newest page was asked for only to see how many there are in it. */
  probing: boolean;
}

/** Lets others run in between: a page may have 200,000 tags. */
async function addTags(all: Set<string>, tags: readonly string[]): Promise<void> {
  for (let start = 0; start < tags.length; start += sliceTags) {
    if (start > 0) await setImmediate();
    for (const tag of tags.slice(start, start + sliceTags)) all.add(tag);
  }
}

/** Where the next page is, or why there can be no whole list. */
function onward(
  walk: Walk,
  { next, page }: Placed,
  size: number,
  what: string,
): Result<string | URL | undefined> {
  if (walk.tags.size > maximumTags) return fail("too-large", `${what} has more than ${maximumTags} tags`);
  if (walk.probing) return probed(walk, page, size, what);
  if (next === undefined) return ok(page.entries === size ? unlinkedNext(walk, page, size) : undefined);
  if (walk.seen.has(next.href)) return fail("incomplete", `${what} leads in a circle`);
  if (walk.idle >= patience) return fail("incomplete", `${what} goes on and on without a new tag`);
  if (walk.seen.size >= maximumPages) return fail("too-large", `${what} has more than ${maximumPages} pages`);
  return ok(next);
}

/**
 * A full page without a Link may be the whole list, or one of a proxy that drops the header: what follows is asked for.
 * Who gives the same again does not know `last`, and is asked for a page that is not quite as large.
 */
function unlinkedNext(walk: Walk, { tags }: TagPage, size: number): string {
  const last = tags.at(-1);
  if (walk.idle === 0 && last !== undefined) return `tags/list?n=${size}&last=${encodeURIComponent(last)}`;
  walk.probing = true;
  return `tags/list?n=${size - 3}`;
}

/** Who gives as many, whatever is asked for, knows no pages: distribution before 3.0, which gives all. */
function probed({ idle }: Walk, { entries }: TagPage, size: number, what: string): Result<undefined> {
  return entries === size && idle > 0
    ? ok(undefined)
    : fail("incomplete", `${what} does not say how it goes on`);
}

/** The registry refused the page for its content, or making it was too much for it or for us. */
function pageSizeMayHelp(failure: Failure): boolean {
  const oversized = failure.code === "too-large" && failure.cause !== undefined;
  return oversized || statusBehind(failure) !== undefined;
}

function unreadable(image: ImageReference, why: NoTagPage): Result<never> {
  const { registry, repository } = image;
  if (why === "aborted") return fail("timeout", `${registry} did not answer in time`);
  if (why === "too-large")
    return fail("too-large", `a page of tags of ${imageKey(image)} has too many items`);
  return fail("malformed", `${registry} answers with something that is no tag list of ${repository}`);
}

/** A later page failed: what came so far is no list. A rate limit stays one, because it says when to come back. */
function unfinished(what: string, failure: Failure): Result<never> {
  if (failure.code === "rate-limited" || failure.code === "incomplete") return { ok: false, failure };
  return fail("incomplete", `${what} is not whole: ${failure.message}`, { cause: failure });
}
