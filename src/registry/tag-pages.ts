/** Lists all tags of a repository, page by page, or says that the list is not whole. */

import { z } from "zod";
import { type Failure, type Result, fail, ok } from "../model/failure.ts";
import { type ImageReference, imageKey, isTag } from "../model/image.ts";
import type { TagList } from "../ports/registry.ts";
import type { Conversation } from "./conversation.ts";
import { refused, statusBehind } from "./status.ts";
import type { Answer } from "./transport.ts";

const maximumBytes = 8 * 1024 * 1024;
const maximumTags = 200_000;
const maximumPages = 2_100;
const longestLink = 2_000;
/** The second is for registries that refuse or cannot make large pages, as Quay and Docker Hub at times. */
const pageSizes = [1000, 100] as const;

const pageSchema = z.object({ tags: z.array(z.unknown()).nullish() });

interface Page {
  /** Where it came from. */
  readonly from: string;
  readonly tags: readonly unknown[];
  readonly next: URL | undefined;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export async function listTags(
  conversation: Conversation,
  image: ImageReference,
  signal: AbortSignal,
): Promise<Result<TagList>> {
  const [usual, small] = pageSizes;
  const list = await listBy(conversation, image, usual, signal);
  return !list.ok && pageSizeMayHelp(list.failure) ? listBy(conversation, image, small, signal) : list;
}

/** The registry refused the page for its content, or making it was too much for it or for us. */
function pageSizeMayHelp(failure: Failure): boolean {
  return failure.code === "too-large" || statusBehind(failure) !== undefined;
}

async function listBy(
  conversation: Conversation,
  image: ImageReference,
  size: number,
  signal: AbortSignal,
): Promise<Result<TagList>> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let dropped = 0;
  let path: string | URL | undefined = `tags/list?n=${size}`;
  for (let pages = 0; path !== undefined; pages += 1) {
    if (pages >= maximumPages)
      return fail("too-large", `${imageKey(image)} has more than ${maximumPages} pages of tags`);
    const page: Result<Page> = await readPage(conversation, image, path, signal);
    if (!page.ok) return pages === 0 ? page : unfinished(image, page.failure);
    seen.add(page.value.from);
    const before = tags.size;
    for (const tag of page.value.tags) {
      if (typeof tag === "string" && isTag(tag)) tags.add(tag);
      else dropped += 1;
    }
    if (tags.size > maximumTags)
      return fail("too-large", `${imageKey(image)} has more than ${maximumTags} tags`);
    if (seen.has(page.value.next?.href ?? "")) {
      return fail("incomplete", `the tag list of ${imageKey(image)} leads in a circle`);
    }
    path = page.value.next ?? unlinkedNext(page.value.tags, size, tags.size > before);
  }
  return ok({ tags: [...tags], dropped });
}

/** A full page without a Link may be a proxy that drops the header; asking once more tells. */
function unlinkedNext(tags: readonly unknown[], size: number, grew: boolean): string | undefined {
  const last = tags.at(-1);
  if (tags.length !== size || !grew || typeof last !== "string") return undefined;
  return `tags/list?n=${size}&last=${encodeURIComponent(last)}`;
}

/** A later page failed: what came so far is no list. A rate limit stays one, because it says when to come back. */
function unfinished(image: ImageReference, failure: Failure): Result<never> {
  if (failure.code === "rate-limited" || failure.code === "incomplete") return { ok: false, failure };
  return fail("incomplete", `the tag list of ${imageKey(image)} is not whole: ${failure.message}`, {
    cause: failure,
  });
}

async function readPage(
  conversation: Conversation,
  image: ImageReference,
  path: string | URL,
  signal: AbortSignal,
): Promise<Result<Page>> {
  const request = { method: "GET", path, accept: "application/json", limit: maximumBytes, signal } as const;
  const answer = await conversation.send(image, request);
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refused(answer.value, `the tag list of ${imageKey(image)}`);
  const tags = parsePage(answer.value.body);
  if (tags === undefined) {
    return fail(
      "malformed",
      `${image.registry} answers with something that is no tag list of ${image.repository}`,
    );
  }
  const next = nextPage(answer.value, image);
  return next.ok ? ok({ from: answer.value.url.href, tags, next: next.value }) : next;
}

/** The tags of a page, or undefined where the body is none: cut off, a login page, another object. */
function parsePage(body: Buffer): readonly unknown[] | undefined {
  try {
    const page = pageSchema.safeParse(JSON.parse(body.toString("utf8")));
    return page.success ? (page.data.tags ?? []) : undefined;
  } catch {
    return undefined;
  }
}

/** The target of `rel="next"`. A next page on another origin would take our token there, so it is not followed. */
function nextPage(answer: Answer, image: ImageReference): Result<URL | undefined> {
  const header = answer.headers.get("link");
  if (header === null) return ok(undefined);
  const target = header.length > longestLink ? "" : /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(header)?.[1];
  if (target === undefined) return ok(undefined);
  const url = URL.parse(target, answer.url.href);
  const safe = url !== null && target !== "" && url.username === "" && url.password === "";
  if (!safe || url.origin !== answer.url.origin) {
    return fail(
      "incomplete",
      `the tag list of ${imageKey(image)} goes on at another place, which is not followed`,
    );
  }
  return ok(url);
}
