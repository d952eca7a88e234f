/** Every page of a collection, or a failure: a part is never passed off as the whole. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { KubernetesObject } from "../model/resource.ts";
import type { ApiClient } from "./api-client.ts";
import { type Selection, acceptFor, collectionPath } from "./object-path.ts";

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
export async function listPages(client: ApiClient, selection: Selection): Promise<Result<Listing>> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const listing = await onePass(client, selection);
    if (listing !== "expired") return listing;
  }
  return fail("incomplete", `list ${selection.kind.plural}: its pages expired ${attempts} times`);
}

async function onePass(client: ApiClient, selection: Selection): Promise<Result<Listing> | "expired"> {
  const { kind, labelSelector, namespace } = selection;
  // The items of a listing do not say what they are, and bare metadata calls itself something else.
  const { apiVersion, kind: name } = kind;
  const objects: KubernetesObject[] = [];
  let token = "";
  for (;;) {
    const answer = await client.send({
      method: "GET",
      path: collectionPath(kind, namespace),
      query: { limit: pageSize, ...(labelSelector && { labelSelector }), ...(token && { continue: token }) },
      accept: acceptFor(selection, "List"),
      verb: "list",
      about: kind.plural,
    });
    if (!answer.ok) return token !== "" && isExpired(answer.failure.cause) ? "expired" : answer;
    const { items, metadata } = answer.value.body as ListBody;
    for (const item of items ?? []) objects.push({ ...item, apiVersion, kind: name } as KubernetesObject);
    if (!metadata?.continue) return ok({ objects, resourceVersion: metadata?.resourceVersion ?? "" });
    token = metadata.continue;
  }
}

/** 410: the version of the collection that we were reading, or wanted to continue from, is compacted away. */
export function isExpired(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && (cause as { status?: number }).status === 410;
}
