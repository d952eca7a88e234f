/** Reads the body of one page of tags without stopping everything else for it. */

import { Worker } from "node:worker_threads";
import { isTag } from "../model/image.ts";

/** What one page says. */
export interface TagPage {
  /** At most one more than the limit that was given. */
  readonly tags: readonly string[];
  /** Entries that are no tags. */
  readonly dropped: number;
  /** All entries. */
  readonly entries: number;
}

/** An ordinary page of a thousand tags is well below; a larger one would hold the event loop for too long. */
const inlineBytes = 192 * 1024;
const workerMegabytes = 128;

/**
 * Undefined where the body is no page of tags: cut off, a login page, another object. A large one is read by a thread of
 * its own with bounded memory, which ends with the signal.
 */
export async function readTagPage(
  body: Buffer,
  most: number,
  signal: AbortSignal,
): Promise<TagPage | undefined> {
  return body.length <= inlineBytes
    ? parseTagPage(body.toString("utf8"), most)
    : inThread(body, most, signal);
}

/** `tags` may be null, as some registries write an empty list. */
export function parseTagPage(text: string, most: number): TagPage | undefined {
  const list = tagsIn(text);
  if (list === undefined) return undefined;
  const tags: string[] = [];
  let dropped = 0;
  for (const entry of list) {
    if (typeof entry !== "string" || !isTag(entry)) dropped += 1;
    else if (tags.push(entry) > most) break;
  }
  return { tags, dropped, entries: list.length };
}

function tagsIn(text: string): readonly unknown[] | undefined {
  try {
    const page: unknown = JSON.parse(text);
    if (typeof page !== "object" || page === null || !("tags" in page)) return undefined;
    if (page.tags === null) return [];
    return Array.isArray(page.tags) ? page.tags : undefined;
  } catch {
    return undefined;
  }
}

/** How the thread answers: the tags joined by line ends, which no tag has, so that they travel as one text. */
export type ThreadAnswer = (Omit<TagPage, "tags"> & { readonly tags: string }) | undefined;

function inThread(body: Buffer, most: number, signal: AbortSignal): Promise<TagPage | undefined> {
  const worker = new Worker(new URL("./tag-page-thread.ts", import.meta.url), {
    workerData: { body: body.toString("utf8"), most },
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytes },
  });
  const stop = (): void => void worker.terminate();
  signal.addEventListener("abort", stop);
  return new Promise<ThreadAnswer>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", () => resolve(undefined));
    worker.once("exit", () => resolve(undefined));
  }).then((answer) => {
    signal.removeEventListener("abort", stop);
    if (answer === undefined) return undefined;
    return { ...answer, tags: answer.tags === "" ? [] : answer.tags.split("\n") };
  });
}
