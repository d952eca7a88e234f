/** Lists: selection, pages, and the tokens that lead from page to page. */

import type { ResourceRequest } from "./api-request.ts";
import type { Stored, Tree } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { Refusal, badRequest, expired } from "./refusal.ts";
import { parseSelectors } from "./select-objects.ts";

interface PageToken {
  /** Version of the collection when its first page was read; forgotten versions end the listing. */
  readonly version: number;
  /** Key of the last object that was delivered. */
  readonly after: string;
}

/** One page of a collection as a `List`. Later pages show the present, not the version of the first one. */
export function listObjects(store: ObjectStore, request: ResourceRequest): Tree | Refusal {
  const { kind, apiVersion, namespace, query } = request;
  const matches = parseSelectors(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "");
  if (matches instanceof Refusal) return matches;
  const from = query.get("continue");
  const token = from ? readToken(from) : { version: store.version(), after: "" };
  if (token === null) return badRequest("invalid continue token");
  if (store.since(token.version) === null) {
    return expired("The provided continue parameter is too old to display a consistent list result.");
  }
  const found = store
    .list(kind, namespace)
    .filter((object) => keyOf(object) > token.after && matches(object));
  const limit = Number(query.get("limit") ?? 0) || found.length;
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > page.length && last !== undefined;
  const next = more ? { continue: writeToken({ version: token.version, after: keyOf(last) }) } : {};
  const list = {
    resourceVersion: String(token.version),
    ...next,
    ...(more ? { remainingItemCount: found.length - page.length } : {}),
  };
  if (request.metadataOnly) {
    return { ...bareType("List"), metadata: list, items: page.map(bareMetadata) };
  }
  // As a real server: the items of a list do not repeat what they are.
  return { kind: `${kind.kind}List`, apiVersion, metadata: list, items: page.map(withoutType) };
}

const bareType = (form: "List" | "") => ({
  kind: `PartialObjectMetadata${form}`,
  apiVersion: "meta.k8s.io/v1",
});

/** What is left of an object where only its metadata is asked for; it calls itself so. */
export function bareMetadata({ metadata }: Stored): Tree {
  return { ...bareType(""), metadata };
}

function withoutType({ kind: _kind, apiVersion: _version, ...item }: Stored): Tree {
  return item;
}

function keyOf({ metadata }: Stored): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function writeToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function readToken(text: string): PageToken | null {
  try {
    const token = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as PageToken;
    return typeof token.version === "number" && typeof token.after === "string" ? token : null;
  } catch {
    return null;
  }
}
