/** How a deployment goes. */

import { announce } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { invalidRequest, notFound, validationFailed } from "../api-error.ts";
import { optionalFlag, optionalText, optionalWord } from "../input.ts";
import { paginate } from "../page.ts";
import { presentDeployment, presentDeploymentStatus } from "../present/deployment.ts";
import type { Context, Route } from "../router.ts";
import type { Deployment, DeploymentStatus } from "../state.ts";
import { deploymentOf } from "./deployments.ts";
import { writerOf } from "../writer.ts";

const all = "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
const read = { name: "deployments", level: "read" } as const;
const write = { name: "deployments", level: "write" } as const;
const maximumDescription = 140;

export const deploymentStatusRoutes: readonly Route[] = [
  { method: "GET", path: all, permission: read, handle: list },
  { method: "POST", path: all, permission: write, handle: create },
  { method: "GET", path: `${all}/{status_id}`, permission: read, handle: get },
];

/** Newest first. */
function list(context: Context): Promise<Answer> {
  const deployment = deploymentOf(context);
  const statuses = deployment.statuses.toReversed();
  return paginate(context, statuses, (status) => shown(context, deployment, status));
}

function get(context: Context): Answer {
  const deployment = deploymentOf(context);
  const status = deployment.statuses.find(({ id }) => id === Number(context.params["status_id"]));
  if (status === undefined) throw notFound();
  return { status: 200, body: shown(context, deployment, status) };
}

function create(context: Context): Answer {
  const { hub, repository, body } = context;
  const deployment = deploymentOf(context);
  const status = statusFrom(context, deployment);
  add(context, deployment, status);
  if (status.state === "success" && (optionalFlag(body, "auto_inactive") ?? true)) {
    retirePredecessors(context, deployment, status);
  }
  const answer = shown(context, deployment, status);
  // An inactive status sends no webhook.
  if (status.state !== "inactive") {
    const told = presentDeployment(hub.store, repository, deployment);
    const { log_url, ...bare } = answer;
    // The webhook schema takes no empty address.
    const deployment_status = log_url === "" ? bare : answer;
    announce(context, "deployment_status", "created", { deployment_status, deployment: told });
  }
  return { status: 201, body: answer, headers: { location: String(answer["url"]) } };
}

function statusFrom(context: Context, deployment: Deployment): DeploymentStatus {
  const { hub, body } = context;
  const state = optionalWord(body, "state", [
    "error",
    "failure",
    "inactive",
    "in_progress",
    "queued",
    "pending",
    "success",
  ]);
  if (state === undefined) throw invalidRequest(`"state" wasn't supplied.`);
  const description = optionalText(body, "description") ?? "";
  if (description.length > maximumDescription) {
    const message = `description is too long (maximum is ${maximumDescription} characters)`;
    throw validationFailed({ resource: "DeploymentStatus", code: "custom", field: "description", message });
  }
  const made = { id: hub.store.nextId(), createdAt: hub.store.now(), creator: writerOf(context) };
  return {
    ...made,
    state,
    description,
    logUrl: optionalText(body, "log_url") ?? optionalText(body, "target_url") ?? "",
    environment: optionalText(body, "environment") ?? deployment.environment,
    environmentUrl: optionalText(body, "environment_url") ?? "",
  };
}

function add(context: Context, deployment: Deployment, status: DeploymentStatus): void {
  deployment.statuses.push(status);
  deployment.updatedAt = context.hub.store.now();
}

/**
 * `auto_inactive`: prior successful deployments of the same environment become inactive, whatever their task, unless they
 * are transient or of a production environment.
 */
function retirePredecessors(context: Context, deployment: Deployment, status: DeploymentStatus): void {
  const { hub, repository } = context;
  for (const prior of repository.deployments.values()) {
    const same = prior.environment === status.environment && prior.id < deployment.id;
    if (!same || prior.transient || prior.production) continue;
    if (prior.statuses.at(-1)?.state !== "success") continue;
    add(context, prior, { ...status, id: hub.store.nextId(), state: "inactive", description: "" });
  }
}

function shown(context: Context, deployment: Deployment, status: DeploymentStatus): Record<string, unknown> {
  return presentDeploymentStatus(context.hub.store, context.repository, { deployment, status });
}
