/** Deployments and their statuses as JSON. */

import type { Repository } from "../repository-state.ts";
import type { Deployment, DeploymentStatus } from "../state.ts";
import type { Store } from "../store.ts";
import { presentOptionalApp } from "./app.ts";
import { nodeId, time } from "./links.ts";
import { apiOf } from "./repository.ts";
import { presentUser } from "./user.ts";

type Json = Record<string, unknown>;

export function presentDeployment(store: Store, repository: Repository, deployment: Deployment): Json {
  const url = `${apiOf(store, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("DE", deployment.id),
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: time(deployment.createdAt),
    updated_at: time(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: apiOf(store, repository),
    creator: presentUser(store, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: presentOptionalApp(store, deployment.app),
  };
}

export function presentDeploymentStatus(
  store: Store,
  repository: Repository,
  { deployment, status }: { deployment: Deployment; status: DeploymentStatus },
): Json {
  const of = `${apiOf(store, repository)}/deployments/${deployment.id}`;
  return {
    url: `${of}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DES", status.id),
    state: status.state,
    creator: presentUser(store, status.creator),
    description: status.description,
    environment: status.environment,
    environment_url: status.environmentUrl,
    target_url: status.logUrl,
    log_url: status.logUrl,
    created_at: time(status.createdAt),
    updated_at: time(status.createdAt),
    deployment_url: of,
    repository_url: apiOf(store, repository),
    performed_via_github_app: presentOptionalApp(store, deployment.app),
  };
}
