/** Tells GitHub about a deployment: one deployment with its statuses, and one comment for each pull request and app. */

import { type Result, ok } from "../../model/failure.ts";
import type { Deployment, DeploymentState, RepositoryForge } from "../../ports/forge.ts";
import { isRecord } from "../../rollout/json-path.ts";
import { type DeployResult, type Outcome, deployComment, statusLine } from "../../rollout/deploy-report.ts";
import { deploymentPayload } from "../../rollout/deployment-payload.ts";
import type { LandedPull } from "../../rollout/inventory.ts";
import { readMarker } from "../../text/marker.ts";
import type { DeployMemory } from "./deploy-world.ts";

const states: Readonly<Record<Outcome, DeploymentState>> = {
  queued: "queued",
  waiting: "in_progress",
  healthy: "success",
  unhealthy: "failure",
  failed: "failure",
  refused: "failure",
  paused: "queued",
  left: "inactive",
};

/** Told by the deployment alone: a comment waits for the end. */
const unfinished: ReadonlySet<Outcome> = new Set(["queued", "waiting"]);

/** Looks before it writes, so that it can be repeated after a crash at any point; says nothing twice. */
export async function announce(
  forge: RepositoryForge,
  memory: DeployMemory,
  result: DeployResult,
): Promise<Result<void>> {
  const { outcome, pending } = result;
  const text = unfinished.has(outcome) ? `${pending.sha} ${outcome}` : JSON.stringify(result);
  if (memory.said.get(result.app) === text) return ok(undefined);
  const told = await Promise.all([
    ...(result.outcome === "left" ? [] : [tellDeployment(forge, result)]),
    ...(unfinished.has(outcome) ? [] : result.pending.pulls.map((pull) => tellPull(forge, result, pull))),
  ]);
  const failed = told.find((each) => !each.ok);
  if (failed !== undefined) return failed;
  memory.said.set(result.app, text);
  return ok(undefined);
}

async function tellDeployment(forge: RepositoryForge, result: DeployResult): Promise<Result<void>> {
  const task = `lockkeeper:${result.name}`;
  const listed = await forge.deployments.list({ task });
  if (!listed.ok) return listed;
  const { sha } = result.pending;
  const found = listed.value.find((each) => each.sha === sha && appOf(each) === result.app);
  const deployment =
    found === undefined
      ? await forge.deployments.create({
          sha,
          task,
          environment: result.environment,
          description: `${result.name} at ${sha.slice(0, 7)}`,
          payload: deploymentPayload(result.app, result.pending, result.baseline),
        })
      : ok(found);
  if (!deployment.ok) return deployment;
  const state = states[result.outcome];
  const said = await addStatus(forge, deployment.value.id, { state, description: statusLine(result) });
  if (!said.ok || unfinished.has(result.outcome)) return said;
  const others = listed.value.filter((each) => each.sha !== sha && appOf(each) === result.app);
  return endUnfinished(forge, others, sha);
}

function appOf({ payload }: Deployment): unknown {
  return isRecord(payload) ? payload["app"] : undefined;
}

/** Commits that were overtaken before they were healthy would stay in progress for ever: those since the last that ended. */
async function endUnfinished(
  forge: RepositoryForge,
  others: readonly Deployment[],
  sha: string,
): Promise<Result<void>> {
  for (const { id } of others) {
    const statuses = await forge.deployments.statuses(id);
    if (!statuses.ok) return statuses;
    const newest = statuses.value[0]?.state;
    if (newest !== undefined && newest !== "in_progress" && newest !== "queued") return ok(undefined);
    const description = `overtaken by ${sha.slice(0, 7)}`;
    const ended = await forge.deployments.addStatus(id, { state: "inactive", description });
    if (!ended.ok) return ended;
  }
  return ok(undefined);
}

async function addStatus(
  forge: RepositoryForge,
  id: number,
  status: { state: DeploymentState; description: string },
): Promise<Result<void>> {
  const statuses = await forge.deployments.statuses(id);
  if (!statuses.ok) return statuses;
  // What an unfinished rollout lacks changes every second; only another state is news.
  if (statuses.value[0]?.state === status.state) return ok(undefined);
  return forge.deployments.addStatus(id, status);
}

/** One comment for an app on a pull request; it follows what becomes of the deployment. */
async function tellPull(
  forge: RepositoryForge,
  result: DeployResult,
  pull: LandedPull,
): Promise<Result<void>> {
  const comments = await forge.issues.comments(pull.number);
  if (!comments.ok) return comments;
  const own = comments.value.find((comment) => comment.ours && isAbout(comment.body, result.app, pull.sha));
  const body = deployComment(result, pull);
  if (own?.body === body) return ok(undefined);
  const written =
    own === undefined
      ? await forge.issues.comment(pull.number, body)
      : await forge.issues.updateComment(own.id, body);
  return written.ok ? ok(undefined) : written;
}

function isAbout(body: string, app: string, sha: string): boolean {
  const marker = readMarker(body, "deploy");
  return isRecord(marker) && marker["app"] === app && marker["sha"] === sha;
}
