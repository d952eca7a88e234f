/** The thread that reads a large page of tags; see `readTagPage`. */

import { parentPort, workerData } from "node:worker_threads";
import { type TagPage, type ThreadAnswer, parseTagPage } from "./read-tag-page.ts";

const tagsOfText = 10_000;

const { body, mostTags } = workerData as { readonly body: Uint8Array; readonly mostTags: number };
const page = parseTagPage(body, mostTags);
parentPort?.postMessage(typeof page === "string" ? page : packed(page), []);

function packed({ dropped, entries, tags }: TagPage): ThreadAnswer {
  const texts: string[] = [];
  for (let start = 0; start < tags.length; start += tagsOfText) {
    texts.push(tags.slice(start, start + tagsOfText).join("\n"));
  }
  return { texts, dropped, entries };
}
