/** What the steps of the demo share: the sandbox's three worlds, the people, and what the story has come to. */

import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "../../model/resource.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { type Person, type PullSummary, must } from "./person.ts";

/** The image registry, as a publisher sees it. */
export interface Publisher {
  push(repository: string, tag: string): Promise<string>;
  /** Paths that were asked for so far, oldest first. */
  requested(): readonly string[];
}

export interface Stage {
  readonly apiUrl: string;
  readonly webUrl: string;
  readonly clusterKind: string;
  readonly clusterVersion: string;
  readonly registryHost: string;
  readonly registry: Publisher;
  readonly cluster: Cluster;
  readonly ada: Person;
  readonly grace: Person;
  readonly mallory: Person;
  /** Resolves when the person at the terminal lets the story go on; at once when nobody is asked. */
  ask(what: string): Promise<void>;
  /** Grows as the steps run. */
  readonly story: { pull: number; merged: string; second: number; approvedHead: string };
}

/** One step: its public name, a sentence for the reader, and the act that ends when its effect was observed. */
export interface Step {
  readonly name: string;
  readonly tells: string;
  run(stage: Stage): Promise<Record<string, unknown>>;
}

export const repositoryPath = "/repos/acme/gitops";
export const manifestPath = "apps/web/production/web.yaml";
const production = { apiVersion: "apps/v1", kind: "Deployment", namespace: "web-production", name: "web" };

/** The Deployment of the production app, or what is missing. */
export async function productionDeployment(stage: Stage): Promise<KubernetesObject | string> {
  const live = await stage.cluster.get(production);
  return live.ok ? live.value : `Deployment web in web-production: ${live.failure.message}`;
}

/** Image and replicas of a Deployment, and whether its rollout has ended well. */
export function rollout(object: KubernetesObject): { image: string; replicas: number; ready: boolean } {
  const spec = object["spec"] as {
    replicas: number;
    template: { spec: { containers: readonly { image: string }[] } };
  };
  const status = (object["status"] ?? {}) as { observedGeneration?: number; availableReplicas?: number };
  return {
    image: spec.template.spec.containers[0]?.image ?? "",
    replicas: spec.replicas,
    ready:
      status.observedGeneration === object.metadata.generation &&
      (status.availableReplicas ?? 0) >= spec.replicas,
  };
}

/** The open pull request of Lockkeeper that moves the production app of `web` to a version, or what is missing. */
export async function bumpTo(stage: Stage, version: string): Promise<PullSummary | string> {
  const open = await must<PullSummary[]>(
    stage.grace,
    "GET",
    `${repositoryPath}/pulls?state=open&per_page=100`,
  );
  const found = open.find(
    (pull) =>
      pull.user.login === "lockkeeper[bot]" &&
      pull.title.includes(version) &&
      pull.title.includes("production"),
  );
  return found ?? `no open pull request of lockkeeper[bot] for ${version} in production`;
}

export async function pull(stage: Stage, number: number): Promise<PullSummary> {
  return must<PullSummary>(stage.grace, "GET", `${repositoryPath}/pulls/${number}`);
}

interface CheckRuns {
  readonly check_runs: readonly { conclusion: string | null; output: { title: string | null } }[];
}

/** The verdict of `lockkeeper/signoff` on a commit, or what is missing. */
export async function signoff(
  stage: Stage,
  sha: string,
): Promise<{ conclusion: string; title: string } | string> {
  const path = `${repositoryPath}/commits/${sha}/check-runs?check_name=lockkeeper%2Fsignoff`;
  const runs = await must<CheckRuns>(stage.grace, "GET", path);
  const newest = runs.check_runs[0];
  if (!newest?.conclusion) return `no concluded check lockkeeper/signoff on ${sha.slice(0, 7)}`;
  return { conclusion: newest.conclusion, title: newest.output.title ?? "" };
}

/** Waiting text unless the check has that conclusion. */
export async function signoffIs(
  stage: Stage,
  sha: string,
  conclusion: string,
): Promise<{ conclusion: string; title: string } | string> {
  const verdict = await signoff(stage, sha);
  if (typeof verdict === "string" || verdict.conclusion === conclusion) return verdict;
  return `the check says "${verdict.title}" (${verdict.conclusion}), not ${conclusion}`;
}

/** GitHub dates reviews and pushes to the second, and who approves within the second of a push may have seen either side. */
const readingMs = 1100;

export async function approve(stage: Stage, number: number): Promise<void> {
  await sleep(readingMs);
  await must(stage.grace, "POST", `${repositoryPath}/pulls/${number}/reviews`, { event: "APPROVE" });
}

/** Merges as Grace, at the head that was looked at. */
export async function merge(stage: Stage, number: number, sha: string): Promise<string> {
  const answer = await must<{ sha: string }>(stage.grace, "PUT", `${repositoryPath}/pulls/${number}/merge`, {
    merge_method: "squash",
    sha,
  });
  return answer.sha;
}
