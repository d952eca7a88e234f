/** The thread that reads a large page of tags; see `readTagPage`. */

import { parentPort, workerData } from "node:worker_threads";
import { type ThreadAnswer, parseTagPage } from "./read-tag-page.ts";

const { body, most } = workerData as { readonly body: string; readonly most: number };
const page = parseTagPage(body, most);
const answer: ThreadAnswer = page === undefined ? undefined : { ...page, tags: page.tags.join("\n") };
parentPort?.postMessage(answer, []);
