/** Commit statuses: written by anybody who may push. */

import { appOf } from "../actor.ts";
import { announce } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { ApiError, invalidRequest, validationFailed } from "../api-error.ts";
import { commitOfRef } from "../checks.ts";
import { optionalText, optionalWord } from "../input.ts";
import { paginate } from "../page.ts";
import { presentCommit } from "../present/commit.ts";
import { time } from "../present/links.ts";
import { apiOf } from "../present/repository.ts";
import { latestStatuses, presentCombined, presentSimpleStatus, presentStatus } from "../present/status.ts";
import type { Context, Route } from "../router.ts";
import type { CommitStatus } from "../state.ts";
import { fullNameOf } from "../store.ts";
import { writerOf } from "../writer.ts";

const read = { name: "statuses", level: "read" } as const;
const write = { name: "statuses", level: "write" } as const;

/** Of one commit and context; the next is refused for ever. */
const maximumPerContext = 1000;
const maximumDescription = 140;

export const statusRoutes: readonly Route[] = [
  { method: "POST", path: "/repos/{owner}/{repo}/statuses/{sha}", permission: write, handle: create },
  { method: "GET", path: "/repos/{owner}/{repo}/commits/{ref}/statuses", permission: read, handle: list },
  { method: "GET", path: "/repos/{owner}/{repo}/commits/{ref}/status", permission: read, handle: combined },
];

async function create(context: Context): Promise<Answer> {
  const { hub, repository, params } = context;
  const sha = params["sha"] ?? "";
  if ((await hub.git(repository).commitOf(sha)) !== sha) {
    throw new ApiError(422, `No commit found for SHA: ${sha}`);
  }
  const status = statusOf(context, sha);
  const same = repository.statuses.filter((one) => one.sha === sha && one.context === status.context);
  if (same.length >= maximumPerContext) {
    const message = "This SHA and context has reached the maximum number of statuses.";
    throw validationFailed({ resource: "Status", code: "custom", message });
  }
  repository.statuses.push(status);
  announce(context, "status", undefined, await toldStatus(context, status));
  const body = presentStatus(hub.store, repository, status);
  return { status: 201, body, headers: { location: String(body["url"]) } };
}

function statusOf(context: Context, sha: string): CommitStatus {
  const { hub, body, actor } = context;
  const state = optionalWord(body, "state", ["error", "failure", "pending", "success"]);
  if (state === undefined) throw invalidRequest(`"state" wasn't supplied.`);
  const description = optionalText(body, "description") ?? null;
  if (description !== null && description.length > maximumDescription) {
    const message = `description is too long (maximum is ${maximumDescription} characters)`;
    throw validationFailed({ resource: "Status", code: "custom", field: "description", message });
  }
  return {
    id: hub.store.nextId(),
    sha,
    context: optionalText(body, "context") ?? "default",
    state,
    description,
    targetUrl: optionalText(body, "target_url") ?? null,
    creator: writerOf(context),
    appId: appOf(actor)?.id ?? null,
    createdAt: hub.store.now(),
  };
}

/** Newest first. */
async function list(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const sha = await commitOfRef(context);
  const statuses = repository.statuses.filter((status) => status.sha === sha).reverse();
  return await paginate(context, statuses, (status) => presentStatus(hub.store, repository, status));
}

async function combined(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const sha = await commitOfRef(context);
  return await paginate(
    context,
    latestStatuses(repository, sha),
    (status) => presentSimpleStatus(hub.store, repository, status),
    (page) => presentCombined(hub.store, repository, { sha, page: page as Record<string, unknown>[] }),
  );
}

async function toldStatus(context: Context, status: CommitStatus): Promise<Record<string, unknown>> {
  const { hub, repository } = context;
  const tips = await hub.git(repository).refs("refs/heads/");
  const branches = [...tips].filter(([, sha]) => sha === status.sha).slice(0, 10);
  return {
    id: status.id,
    sha: status.sha,
    name: fullNameOf(repository),
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: withoutTime(await presentCommit(hub, repository, status.sha)),
    branches: branches.map(([ref, sha]) => ({
      name: ref.slice("refs/heads/".length),
      commit: { sha, url: `${apiOf(hub.store, repository)}/commits/${sha}` },
      protected: repository.protections.has(ref.slice("refs/heads/".length)),
    })),
    created_at: time(status.createdAt),
    updated_at: time(status.createdAt),
  };
}

/** The webhook schema is older than the time of a verification. */
function withoutTime(commit: Record<string, unknown>): Record<string, unknown> {
  const git = commit["commit"] as { readonly verification: Record<string, unknown> };
  const { verified_at: _, ...verification } = git.verification;
  return { ...commit, commit: { ...git, verification } };
}
