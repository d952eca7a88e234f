/** Every page of a collection, or a failure: a part is never passed off as the whole. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { KindInfo, KubernetesObject } from "../model/resource.ts";
import type { ApiClient } from "./api-client.ts";
import { collectionPath } from "./object-path.ts";

export interface Listing {
  readonly objects: readonly KubernetesObject[];
  /** From where a watch may continue. */
  readonly resourceVersion: string;
}

interface ListBody {
  readonly items?: readonly Omit<KubernetesObject, "apiVersion" | "kind">[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

const pageSize = "500";
const attempts = 3;

/** Starts again where the server has forgotten the snapshot that the pages are taken from; `incomplete` after the third time. */
export async function listPages(
  client: ApiClient,
  kind: KindInfo,
  labelSelector: string,
): Promise<Result<Listing>> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const listing = await onePass(client, kind, labelSelector);
    if (listing !== "expired") return listing;
  }
  return fail("incomplete", `list ${kind.plural}: its pages expired ${attempts} times`);
}

async function onePass(
  client: ApiClient,
  kind: KindInfo,
  labelSelector: string,
): Promise<Result<Listing> | "expired"> {
  const objects: KubernetesObject[] = [];
  let token = "";
  for (;;) {
    const answer = await client.send({
      method: "GET",
      path: collectionPath(kind),
      query: { limit: pageSize, ...(labelSelector && { labelSelector }), ...(token && { continue: token }) },
      verb: "list",
      about: kind.plural,
    });
    if (!answer.ok) return token !== "" && isExpired(answer.failure.cause) ? "expired" : answer;
    const { items, metadata } = answer.value.body as ListBody;
    for (const item of items ?? [])
      objects.push({ apiVersion: kind.apiVersion, kind: kind.kind, ...item } as KubernetesObject);
    if (!metadata?.continue) return ok({ objects, resourceVersion: metadata?.resourceVersion ?? "" });
    token = metadata.continue;
  }
}

/** 410: the version of the collection that we were reading, or wanted to continue from, is compacted away. */
export function isExpired(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && (cause as { status?: number }).status === 410;
}
