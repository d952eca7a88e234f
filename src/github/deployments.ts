/** Deployments of this App and their statuses. */

import type { components } from "@octokit/openapi-types";
import type { Result } from "../model/failure.ts";
import type {
  Deployment,
  DeploymentDraft,
  DeploymentState,
  Deployments,
  PastStatus,
} from "../ports/forge.ts";
import { collect, perPage } from "./collect.ts";
import { isOurs } from "./ours.ts";
import type { Place } from "./place.ts";
import { Refusal, attempt } from "./translate.ts";

type RawDeployment = components["schemas"]["deployment"];
type RawStatus = components["schemas"]["deployment-status"];

/** GitHub refuses a longer description. */
const maximumDescription = 140;
const statusRoute = "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses";

export function deploymentsOf(place: Place): Deployments {
  return {
    list: (filter) => listDeployments(place, filter),
    create: (draft) => attempt(`record a deployment of ${draft.task}`, () => createDeployment(place, draft)),
    statuses: (id) => listStatuses(place, id),
    addStatus: (id, { state, description, logUrl }) =>
      attempt(`set the status of a deployment to ${state}`, async () => {
        await place.octokit.request(`POST ${statusRoute}`, {
          ...place.at,
          deployment_id: id,
          state,
          description: cut(description),
          ...(logUrl === undefined ? {} : { log_url: logUrl }),
          auto_inactive: false,
        });
      }),
  };
}

async function listDeployments(
  place: Place,
  filter: { task: string; sha?: string },
): Promise<Result<readonly Deployment[]>> {
  const self = await place.self();
  if (!self.ok) return self;
  return attempt(`list the deployments of ${filter.task}`, async () => {
    const { items } = await collect((page) =>
      place.octokit.request("GET /repos/{owner}/{repo}/deployments", {
        ...place.at,
        ...filter,
        per_page: perPage,
        page,
      }),
    );
    return items
      .filter((raw) => isOurs({ user: raw.creator }, self.value.id))
      .sort((a, b) => Number(b.id) - Number(a.id))
      .map(toDeployment);
  });
}

/** Whoever may write can add a status to a deployment of ours: theirs say nothing. */
async function listStatuses(place: Place, id: number): Promise<Result<readonly PastStatus[]>> {
  const self = await place.self();
  if (!self.ok) return self;
  return attempt("list the statuses of a deployment", async () => {
    const { items } = await collect((page) =>
      place.octokit.request(`GET ${statusRoute}`, {
        ...place.at,
        deployment_id: id,
        per_page: perPage,
        page,
      }),
    );
    return items
      .filter((raw) => isOurs({ user: raw.creator }, self.value.id))
      .sort((a, b) => Number(b.id) - Number(a.id))
      .map(toStatus);
  });
}

/** No merge of the default branch into the ref, and no required contexts: what to deploy was decided before. */
async function createDeployment(place: Place, draft: DeploymentDraft): Promise<Deployment> {
  const { data } = await place.octokit.request("POST /repos/{owner}/{repo}/deployments", {
    ...place.at,
    ref: draft.sha,
    task: draft.task,
    environment: draft.environment,
    description: cut(draft.description),
    payload: { ...draft.payload },
    auto_merge: false,
    required_contexts: [],
  });
  if (!("sha" in data)) throw new Refusal("conflict", "GitHub merged instead of deploying");
  return toDeployment(data);
}

function cut(description: string): string {
  return description.length > maximumDescription
    ? `${description.slice(0, maximumDescription - 1)}…`
    : description;
}

function toDeployment(raw: RawDeployment): Deployment {
  return {
    id: Number(raw.id),
    sha: raw.sha,
    task: raw.task,
    environment: raw.environment,
    description: raw.description ?? "",
    payload: toPayload(raw.payload),
    createdAt: raw.created_at,
  };
}

/** GitHub gives a payload back as it was sent, an object or a text; what is neither JSON nor an object holds nothing. */
function toPayload(raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw === "string") {
    try {
      return toPayload(JSON.parse(raw) as object);
    } catch {
      return {};
    }
  }
  return raw !== null && typeof raw === "object" ? { ...raw } : {};
}

function toState(state: RawStatus["state"]): DeploymentState {
  return state === "pending" ? "queued" : state;
}

function toStatus(raw: RawStatus): PastStatus {
  return {
    state: toState(raw.state),
    description: raw.description,
    at: raw.created_at,
    ...(raw.log_url ? { logUrl: raw.log_url } : {}),
  };
}
