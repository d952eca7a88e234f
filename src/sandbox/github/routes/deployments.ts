/** Deployments. */

import { appOf } from "../actor.ts";
import { announce } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import { bringUpToDate, refuseUnlessGreen } from "../deploying.ts";
import { optionalFlag, optionalText, text } from "../input.ts";
import { paginate } from "../page.ts";
import { presentDeployment } from "../present/deployment.ts";
import { resolveCommit } from "../read-ref.ts";
import type { Context, Route } from "../router.ts";
import type { Deployment } from "../state.ts";
import { writerOf } from "../writer.ts";

const all = "/repos/{owner}/{repo}/deployments";
const one = "/repos/{owner}/{repo}/deployments/{deployment_id}";
const read = { name: "deployments", level: "read" } as const;
const write = { name: "deployments", level: "write" } as const;

export const deploymentRoutes: readonly Route[] = [
  { method: "GET", path: all, permission: read, handle: list },
  { method: "POST", path: all, permission: write, handle: create },
  { method: "GET", path: one, permission: read, handle: get },
  { method: "DELETE", path: one, permission: write, handle: remove },
];

/** The deployment that `{deployment_id}` names; 404 where there is none. */
export function deploymentOf({ repository, params }: Context): Deployment {
  const deployment = repository.deployments.get(Number(params["deployment_id"]));
  if (deployment === undefined) throw notFound();
  return deployment;
}

/** Newest first. */
function list(context: Context): Promise<Answer> {
  const { hub, repository, query } = context;
  const filters = ["sha", "ref", "task", "environment"] as const;
  const found = [...repository.deployments.values()]
    .filter((deployment) =>
      filters.every((field) => !query.has(field) || deployment[field] === query.get(field)),
    )
    .sort((a, b) => b.id - a.id);
  return paginate(context, found, (deployment) => presentDeployment(hub.store, repository, deployment));
}

async function create(context: Context): Promise<Answer> {
  const { hub, repository, body } = context;
  const ref = text(body, "ref");
  const sha = await resolveCommit(hub, repository, ref);
  if (sha === undefined) throw new ApiError(422, `No ref found for: ${ref}`);
  if (optionalFlag(body, "auto_merge") ?? true) {
    const merged = await bringUpToDate(context, { ref, sha });
    if (merged !== null) return { status: 202, body: { message: merged } };
  }
  refuseUnlessGreen(context, { ref, sha });
  const deployment = deploymentFrom(context, { ref, sha });
  repository.deployments.set(deployment.id, deployment);
  const shown = presentDeployment(hub.store, repository, deployment);
  announce(context, "deployment", "created", { deployment: shown, workflow: null, workflow_run: null });
  return { status: 201, body: shown, headers: { location: String(shown["url"]) } };
}

function deploymentFrom(context: Context, { ref, sha }: { ref: string; sha: string }): Deployment {
  const { hub, body } = context;
  const environment = optionalText(body, "environment") ?? "production";
  const now = hub.store.now();
  return {
    id: hub.store.nextId(),
    sha,
    ref,
    task: optionalText(body, "task") ?? "deploy",
    payload: payloadOf(body["payload"]),
    environment,
    originalEnvironment: environment,
    description: optionalText(body, "description") ?? null,
    transient: optionalFlag(body, "transient_environment") ?? false,
    production: optionalFlag(body, "production_environment") ?? environment === "production",
    creator: writerOf(context),
    app: appOf(context.actor),
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
}

/** JSON sent as text is told as what it says. */
function payloadOf(sent: unknown): unknown {
  if (sent === undefined || sent === null || sent === "") return {};
  if (typeof sent !== "string") return sent;
  try {
    const value = JSON.parse(sent) as unknown;
    return typeof value === "object" && value !== null ? value : sent;
  } catch {
    return sent;
  }
}

function get(context: Context): Answer {
  const deployment = deploymentOf(context);
  return { status: 200, body: presentDeployment(context.hub.store, context.repository, deployment) };
}

/** Only an inactive deployment goes, unless it is the only one. */
function remove(context: Context): Answer {
  const { repository } = context;
  const deployment = deploymentOf(context);
  const active = deployment.statuses.at(-1)?.state !== "inactive";
  if (active && repository.deployments.size > 1) {
    throw validationFailed(
      "We cannot delete an active deployment unless it is the only deployment in a given environment.",
    );
  }
  repository.deployments.delete(deployment.id);
  return { status: 204 };
}
