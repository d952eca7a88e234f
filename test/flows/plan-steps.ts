/** What the tests of the plan do and look at, on a rollout world. */

import { expect } from "vitest";
import { plan } from "../../src/flows/plan/plan.ts";
import type { CheckRun } from "../../src/ports/checks.ts";
import { type RolloutWorld, eventually, folder, openPull } from "./rollout-world.ts";
import { value } from "./user-call.ts";

export function web(
  image: string,
  more: { replicas?: number; env?: string; selector?: string } = {},
): string {
  const { replicas = 3, env = "", selector = "web" } = more;
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${selector} } }
  template:
    metadata: { labels: { app: ${selector} } }
    spec:
      containers:
        - { name: web, image: "${image}", env: [${env}] }
`;
}

export const map = (name: string, text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { text: "${text}" }\n`;

export const namespaceFile = (namespace: string): Record<string, string> => ({
  "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
});

/** Waits until the app's newest commit is applied. */
export async function applied(rollout: RolloutWorld, sha?: string): Promise<void> {
  await eventually(() => {
    const { id } = rollout.repository;
    const found = rollout.world?.inventories.all().find(({ repository }) => repository.id === id);
    expect(found?.pending).toBeNull();
    expect(found?.applied).toEqual(sha ?? expect.any(String));
  });
}

/** A pull request of Ada's that changes files of the app; null takes one away. */
export function propose(
  rollout: RolloutWorld,
  branch: string,
  files: Readonly<Record<string, string | null>>,
) {
  const below = Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text] as const);
  return openPull(rollout, branch, Object.fromEntries(below));
}

/** Runs the flow and answers the newest plan of the commit, and what that asked of the cluster. */
export async function planOf(
  rollout: RolloutWorld,
  sha: string,
  anew = false,
): Promise<{ run: CheckRun; asked: Record<string, number> }> {
  const before = new Map(rollout.cluster.requests);
  const key = { flow: "plan", repository: rollout.repository, sha } as const;
  value(await plan(rollout.world!, anew ? { ...key, anew } : key));
  const asked: Record<string, number> = {};
  for (const [verb, count] of rollout.cluster.requests) {
    const more = count - (before.get(verb) ?? 0);
    if (more > 0) asked[verb] = more;
  }
  const [run] = await plans(rollout, sha);
  if (run === undefined) throw new Error("there is no plan");
  return { run, asked };
}

/** All plans of a commit, newest first. */
export async function plans(rollout: RolloutWorld, sha: string): Promise<readonly CheckRun[]> {
  const { checks } = rollout.forge.open(rollout.repository, "check");
  return value(await checks.list(sha, "lockkeeper/plan"));
}
