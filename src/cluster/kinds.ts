/** How kinds are served, learned from the API server one group-version at a time. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { KindInfo } from "../model/resource.ts";
import type { ApiClient } from "./api-client.ts";

export interface Kinds {
  /** Learns the group-version again when a kind is missing from what was learned before. */
  find(apiVersion: string, kind: string): Promise<Result<KindInfo>>;
  /** What was learned of a group-version is doubted after a 404. */
  forget(apiVersion: string): void;
}

type Served = ReadonlyMap<string, KindInfo>;

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

export function createKinds(client: ApiClient): Kinds {
  const learned = new Map<string, Promise<Result<Served>>>();
  const learn = async (apiVersion: string) => {
    const asked = discover(client, apiVersion);
    learned.set(apiVersion, asked);
    const served = await asked;
    if (!served.ok && learned.get(apiVersion) === asked) learned.delete(apiVersion);
    return served;
  };
  return {
    forget: (apiVersion) => void learned.delete(apiVersion),
    async find(apiVersion, kind) {
      const before = await learned.get(apiVersion);
      const known = before?.ok === true ? before.value.get(kind) : undefined;
      if (known !== undefined) return ok(known);
      const served = await learn(apiVersion);
      if (!served.ok) return served;
      const found = served.value.get(kind);
      return found === undefined
        ? fail("not-found", `the cluster serves no ${kind} of ${apiVersion}`)
        : ok(found);
    },
  };
}

async function discover(client: ApiClient, apiVersion: string): Promise<Result<Served>> {
  if (!/^(?:[a-z0-9][a-z0-9.-]*\/)?[a-z0-9]+$/.test(apiVersion)) {
    return fail("not-found", `not an apiVersion: "${apiVersion.slice(0, 80)}"`);
  }
  const answer = await client.send({
    method: "GET",
    path: groupPath(apiVersion),
    verb: "discover",
    about: apiVersion,
  });
  if (!answer.ok && answer.failure.code === "not-found") return ok(new Map());
  // A kind that could not be looked up is not a kind that is gone.
  if (!answer.ok) return fail("unavailable", answer.failure.message, { cause: answer.failure });
  const served = (answer.value.body as ResourceList).resources ?? [];
  const kinds = served
    .filter((resource) => !resource.name.includes("/"))
    .map(({ name, kind, namespaced }) => [kind, { apiVersion, kind, plural: name, namespaced }] as const);
  return ok(new Map(kinds));
}

interface GroupList {
  readonly groups?: readonly { readonly preferredVersion?: { readonly groupVersion: string } }[];
}

/** Every kind that can be listed, in the version that its group prefers. Costs a request for each group. */
export async function servedKinds(client: ApiClient): Promise<Result<readonly KindInfo[]>> {
  const groups = await client.send({ method: "GET", path: "/apis", verb: "discover", about: "groups" });
  if (!groups.ok) return groups;
  const listed = (groups.value.body as GroupList).groups ?? [];
  const versions = ["v1", ...listed.flatMap((group) => group.preferredVersion?.groupVersion ?? [])];
  const found: KindInfo[] = [];
  for (const apiVersion of versions) {
    const call = { method: "GET", path: groupPath(apiVersion), verb: "discover", about: apiVersion } as const;
    const answer = await client.send(call);
    // One aggregated API that is down must not hide all others.
    if (!answer.ok) continue;
    for (const { name, kind, namespaced, verbs } of (answer.value.body as ResourceList).resources ?? []) {
      if (!name.includes("/") && verbs?.includes("list") === true)
        found.push({ apiVersion, kind, plural: name, namespaced });
    }
  }
  return ok(found);
}
