/** Watches: past changes since a version, then every new one as it happens. */

import type { ServerResponse } from "node:http";
import type { ResourceRequest } from "./api-request.ts";
import type { Stored } from "./json-tree.ts";
import type { Change } from "./change-log.ts";
import type { ObjectStore } from "./object-store.ts";
import { bareMetadata } from "./read-objects.ts";
import { Refusal, expired } from "./refusal.ts";
import { type Matcher, parseSelectors } from "./select-objects.ts";

const longestSeconds = 1_800;
const bookmarkMilliseconds = 60_000;

/** Answers with a stream of JSON lines until `timeoutSeconds`, or with a refusal that the caller sends. */
export function streamChanges(
  store: ObjectStore,
  request: ResourceRequest,
  response: ServerResponse,
): Refusal | null {
  const { kind, apiVersion, namespace, query } = request;
  const matches = parseSelectors(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "");
  if (matches instanceof Refusal) return matches;
  const from = Number(query.get("resourceVersion") ?? 0);
  const past = from === 0 ? [] : store.since(from);
  if (past === null) return expired(`too old resource version: ${from} (${store.version()})`);
  const fits = (object: Stored) =>
    (namespace === undefined || object.metadata.namespace === namespace) && matches(object);
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const write = (type: string, object: unknown) => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const shown = (object: Stored) => (request.metadataOnly ? bareMetadata(object) : { ...object, apiVersion });
  const tell = (change: Change) => {
    const type = change.kind === kind ? typeFor(change, fits) : null;
    if (type !== null) write(type, shown(change.object));
  };
  if (from === 0)
    for (const object of store.list(kind, namespace).filter(fits)) write("ADDED", shown(object));
  for (const change of past) tell(change);
  const unsubscribe = store.subscribe(tell);
  const bookmark = () => {
    const metadata = { resourceVersion: String(store.version()) };
    if (query.get("allowWatchBookmarks") === "true")
      write("BOOKMARK", { kind: kind.kind, apiVersion, metadata });
  };
  const bookmarks = setInterval(bookmark, bookmarkMilliseconds);
  const seconds = Math.min(Number(query.get("timeoutSeconds")) || longestSeconds, longestSeconds);
  const end = setTimeout(() => response.end(), seconds * 1_000);
  response.once("close", () => {
    unsubscribe();
    clearInterval(bookmarks);
    clearTimeout(end);
  });
  return null;
}

/** An object that leaves the selection is deleted for whoever watches, one that enters it is added. */
function typeFor({ type, object, before }: Change, fits: Matcher): Change["type"] | null {
  const now = fits(object);
  const then = before !== undefined && fits(before);
  if (type === "DELETED") return now ? "DELETED" : null;
  if (now) return then ? "MODIFIED" : "ADDED";
  return then ? "DELETED" : null;
}
