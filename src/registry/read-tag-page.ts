/** Reads the body of one page of tags without stopping everything else for it. */

import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { isTag } from "../model/image.ts";
import { hasMoreItems, parseJson } from "./json.ts";

/** What one page says. */
export interface TagPage {
  /** At most one more than the limit that was given. */
  readonly tags: readonly string[];
  /** Entries that are no tags. */
  readonly dropped: number;
  /** All entries. */
  readonly entries: number;
}

/** `malformed`: cut off, a login page, another object. `too-large`: more than 500,000 items. `aborted`: by the signal. */
export type NoTagPage = "malformed" | "too-large" | "aborted";

/** An ordinary page of a thousand tags is well below; a larger one would hold the event loop for too long. */
const inlineBytes = 192 * 1024;
/** Some registries tell ten things of each tag. */
const mostItems = 500_000;

/** A large page is read by a thread of its own, which ends with the signal. */
export async function readTagPage(
  body: Buffer,
  mostTags: number,
  signal: AbortSignal,
): Promise<TagPage | NoTagPage> {
  return body.length <= inlineBytes ? parseTagPage(body, mostTags) : inThread(body, mostTags, signal);
}

/** `tags` may be null, as some registries write an empty list. */
export function parseTagPage(body: Uint8Array, mostTags: number): TagPage | NoTagPage {
  if (hasMoreItems(body, mostItems)) return "too-large";
  const list = tagsIn(parseJson(body, mostItems));
  if (list === undefined) return "malformed";
  const tags: string[] = [];
  let dropped = 0;
  for (const entry of list) {
    if (typeof entry !== "string" || !isTag(entry)) dropped += 1;
    else if (tags.push(entry) > mostTags) break;
  }
  return { tags, dropped, entries: list.length };
}

function tagsIn(page: unknown): readonly unknown[] | undefined {
  if (typeof page !== "object" || page === null || !("tags" in page)) return undefined;
  if (page.tags === null) return [];
  return Array.isArray(page.tags) ? page.tags : undefined;
}

/** How the thread answers: some thousand tags in each text, joined by line ends, which no tag has. */
export type ThreadAnswer = NoTagPage | (Omit<TagPage, "tags"> & { readonly texts: readonly string[] });

function inThread(body: Buffer, mostTags: number, signal: AbortSignal): Promise<TagPage | NoTagPage> {
  const worker = new Worker(new URL("./tag-page-thread.ts", import.meta.url), {
    workerData: { body, mostTags },
  });
  const stop = (): void => void worker.terminate();
  signal.addEventListener("abort", stop);
  return new Promise<ThreadAnswer>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", () => resolve("malformed"));
    worker.once("exit", () => resolve(signal.aborted ? "aborted" : "malformed"));
  })
    .finally(() => signal.removeEventListener("abort", stop))
    .then(unpack);
}

async function unpack(answer: ThreadAnswer): Promise<TagPage | NoTagPage> {
  if (typeof answer === "string") return answer;
  const tags: string[] = [];
  for (const text of answer.texts) {
    tags.push(...text.split("\n"));
    await setImmediate();
  }
  return { tags, dropped: answer.dropped, entries: answer.entries };
}
