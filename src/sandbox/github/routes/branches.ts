/** Branches, and the moves that they made. */

import { ApiError, invalidRequest } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { pageOf, paginate } from "../page.ts";
import { presentCommit } from "../present/commit.ts";
import { nodeId, time } from "../present/links.ts";
import { apiOf, pageOfRepository } from "../present/repository.ts";
import { presentUser } from "../present/user.ts";
import { protectionsOf } from "../protection.ts";
import { readRef } from "../read-ref.ts";
import type { Context, Route } from "../router.ts";
import type { Activity } from "../state.ts";
import type { Store } from "../store.ts";

/** What every form of a branch says about its protection. */
function presentGuard({ hub, repository }: Context, branch: string): Record<string, unknown> {
  const protections = protectionsOf(repository, branch);
  const checks = protections.flatMap((one) => one.checks);
  return {
    protected: protections.length > 0,
    protection: {
      enabled: protections.length > 0,
      required_status_checks: {
        enforcement_level: checks.length === 0 ? "off" : "non_admins",
        contexts: checks.map(({ context }) => context),
        checks: checks.map(({ context, appId }) => ({ context, app_id: appId })),
      },
    },
    protection_url: `${apiOf(hub.store, repository)}/branches/${branch}/protection`,
  };
}

async function listBranches(context: Context): Promise<Answer> {
  const { hub, repository, query } = context;
  const refs = await hub.git(repository).refs("refs/heads/");
  const branches = [...refs].map(([ref, sha]) => ({ name: ref.slice("refs/heads/".length), sha }));
  const wanted = query.get("protected");
  const chosen = branches.filter(
    ({ name }) => wanted === null || protectionsOf(repository, name).length > 0 === (wanted === "true"),
  );
  return await paginate(context, chosen, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${apiOf(hub.store, repository)}/commits/${sha}` },
    ...presentGuard(context, name),
  }));
}

async function getBranch(context: Context): Promise<Answer> {
  const { hub, repository, params } = context;
  const name = params["branch"] ?? "";
  const sha = await readRef(hub, repository, `refs/heads/${name}`);
  if (sha === undefined) throw new ApiError(404, "Branch not found");
  return {
    status: 200,
    body: {
      name,
      commit: await presentCommit(hub, repository, sha),
      _links: {
        self: `${apiOf(hub.store, repository)}/branches/${name}`,
        html: `${pageOfRepository(hub.store, repository)}/tree/${name}`,
      },
      ...presentGuard(context, name),
    },
  };
}

function presentActivity(store: Store, activity: Activity): Record<string, unknown> {
  return {
    id: activity.id,
    node_id: nodeId("PSH", activity.id),
    before: activity.before,
    after: activity.after,
    ref: activity.ref,
    timestamp: time(activity.timestamp),
    activity_type: activity.type,
    actor: presentUser(store, activity.actor),
  };
}

const periods: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/** Pages by cursor: `after` goes on with what is older (in the default direction) than the cursor's entry. */
function listActivity(context: Context): Answer {
  const { hub, repository, query, url } = context;
  const ref = query.get("ref");
  const fullRef = ref === null || ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
  const period = query.get("time_period");
  const days = period === null ? undefined : periods[period];
  if (period !== null && days === undefined) throw invalidRequest(`"${period}" is not a valid time_period`);
  const since = days === undefined ? 0 : hub.store.now().getTime() - days * 86_400_000;
  const matching = repository.activities.filter(
    (activity) =>
      (fullRef === null || activity.ref === fullRef) &&
      (query.get("actor") ?? activity.actor.login) === activity.actor.login &&
      (query.get("activity_type") ?? activity.type) === activity.type &&
      activity.timestamp.getTime() >= since,
  );
  if (query.get("direction") !== "asc") matching.reverse();
  const { perPage } = pageOf(query);
  const after = decodeCursor(query.get("after"));
  const start = after === undefined ? 0 : matching.findIndex(({ id }) => id === after) + 1;
  const page = matching.slice(start, start + perPage);
  const last = page.at(-1);
  const more = last !== undefined && start + perPage < matching.length;
  const next = new URL(url);
  if (last) next.searchParams.set("after", encodeCursor(last.id));
  return {
    status: 200,
    body: page.map((activity) => presentActivity(hub.store, activity)),
    headers: more ? { link: `<${next.href}>; rel="next"` } : {},
  };
}

function encodeCursor(id: number): string {
  return Buffer.from(`cursor:${id}`).toString("base64url");
}

function decodeCursor(cursor: string | null): number | undefined {
  if (cursor === null) return undefined;
  const id = /^cursor:(\d+)$/.exec(Buffer.from(cursor, "base64url").toString("utf8"))?.[1];
  if (id === undefined) throw invalidRequest("Invalid cursor");
  return Number(id);
}

const permission = { name: "contents", level: "read" } as const;
const root = "/repos/{owner}/{repo}";

export const branchRoutes: readonly Route[] = [
  { method: "GET", path: `${root}/branches`, permission, handle: listBranches },
  { method: "GET", path: `${root}/branches/{branch}`, permission, handle: getBranch },
  { method: "GET", path: `${root}/activity`, permission, handle: listActivity },
];
