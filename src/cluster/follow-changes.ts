/** One watch request: reads the stream of changes until it ends, and says how it ended. */

import type { KubernetesObject } from "../model/resource.ts";
import type { ApiClient } from "./api-client.ts";
import { isExpired } from "./list-pages.ts";
import { type Selection, acceptFor, collectionPath } from "./object-path.ts";

export interface Following extends Selection {
  readonly resourceVersion: string;
  /** When the next listing is due: the watch must have ended by then. */
  readonly atMostMs: number;
  readonly signal: AbortSignal;
  readonly onObject: (type: string, object: KubernetesObject) => void;
}

/**
 * - `expired`: the server no longer knows the changes since our version; list again.
 * - `progressed`: it ended in peace or after changes came; follow on at once.
 * - `failed`: wait before the next attempt.
 */
export type Ending = "expired" | "progressed" | "failed";

interface Line {
  readonly type: string;
  readonly object: KubernetesObject & { readonly code?: number };
}

/** With the grace below, a watch that has fallen silent is noticed within five minutes. */
const shortestSeconds = 140;
const longestSeconds = 270;
/** The server ends a watch by itself; one that is silent for this much longer, or for twice its time, is dead. */
const graceSeconds = 30;
/** One object with everything around it; etcd keeps none over 1.5 MiB. */
const maximumLineCharacters = 8 * 1024 * 1024;

export async function followChanges(client: ApiClient, following: Following): Promise<Ending> {
  const drawn = shortestSeconds + Math.random() * (longestSeconds - shortestSeconds);
  const seconds = Math.max(1, Math.ceil(Math.min(drawn, following.atMostMs / 1_000)));
  const stream = await client.open(
    {
      method: "GET",
      path: collectionPath(following.kind, following.namespace),
      query: {
        watch: "true",
        allowWatchBookmarks: "true",
        resourceVersion: following.resourceVersion,
        timeoutSeconds: String(seconds),
        ...(following.labelSelector && { labelSelector: following.labelSelector }),
      },
      accept: acceptFor(following, ""),
      verb: "watch",
      about: following.kind.plural,
    },
    following.signal,
    (seconds + Math.min(graceSeconds, seconds)) * 1_000,
  );
  if (!stream.ok) return isExpired(stream.failure.cause) ? "expired" : "failed";
  return readLines(stream.value, following);
}

/** A stream that ended quickly and empty is a failure: asking again at once would be a busy loop. */
const quickMs = 5_000;

async function readLines(stream: AsyncIterable<Uint8Array>, following: Following): Promise<Ending> {
  const began = performance.now();
  const { apiVersion, kind } = following.kind;
  let progressed = false;
  for await (const line of linesOf(stream)) {
    const change = parsed(line);
    if (change === null) return "failed";
    const { type, object } = change;
    if (type === "ERROR") return object.code === 410 ? "expired" : "failed";
    following.onObject(type, { ...object, apiVersion, kind });
    progressed = true;
  }
  return progressed || performance.now() - began > quickMs ? "progressed" : "failed";
}

/** The complete lines; a cut or silent stream just ends, and the next watch goes on from the last line. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const chunks = stream[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const chunk = await chunks.next().catch(() => null);
    if (chunk === null || chunk.done === true) return;
    const lines = (rest + decoder.decode(chunk.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
    if (rest.length > maximumLineCharacters) break;
  }
  await chunks.return?.();
}

function parsed(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}
