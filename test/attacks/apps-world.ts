/** Three apps of one repository at work, what lands there, and what people see of it. */

import { expect } from "vitest";
import { check } from "../../src/flows/check/check.ts";
import { emptyProtection } from "../../src/sandbox/github/store.ts";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  manifests,
  merge,
  openPull,
  startRollout,
} from "../flows/rollout-world.ts";
import { value } from "../flows/user-call.ts";

/** A ConfigMap of that name. */
export const map = (name: string, text: string): string => manifests({ [name]: text }, "")["maps.yaml"]!;

export const webFile = "apps/web/production/maps.yaml";
export const apiFile = "apps/api/production/maps.yaml";
export const cronFile = "apps/cron/production/maps.yaml";

/** Seconds: three apps on a machine that does much else. */
const patience = 60;

/** As an organisation would guard the branch: our check, and pull requests; administrators are above that. */
export async function startApps(
  ground: Ground,
  more: { readonly config?: string; readonly beside?: Readonly<Record<string, string>> } = {},
): Promise<RolloutWorld> {
  const beside = { [apiFile]: map("api", "one"), [cronFile]: map("cron", "one"), ...more.beside };
  const rollout = await startRollout(ground, () => ({ "maps.yaml": map("web", "one") }), {
    config: more.config ?? config,
    beside,
  });
  const { appId, hub } = ground.github;
  const repository = hub.store.repositories.find(({ id }) => id === rollout.repository.id)!;
  const checks = [{ context: "lockkeeper/signoff", appId }];
  repository.protections.set("main", { ...emptyProtection(), checks, requirePullRequest: true });
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: rollout.namespace } };
  value(await rollout.cluster.create(namespace));
  rollout.start();
  rollout.push();
  for (const name of ["web", "api", "cron"]) await shows(rollout, name, "one");
  return rollout;
}

export async function textOf(rollout: RolloutWorld, name: string): Promise<string | undefined> {
  const found = await rollout.configMap(name);
  return (found?.["data"] as { text?: string } | undefined)?.text;
}

export async function shows(rollout: RolloutWorld, name: string, expected: string): Promise<void> {
  const look = async () => expect([name, await textOf(rollout, name)]).toEqual([name, expected]);
  await eventually(look, patience);
}

/** The verdict on a head, by the check flow. */
export async function verdict(rollout: RolloutWorld, sha: string): Promise<string | undefined> {
  value(await check(rollout.world!, { flow: "check", repository: rollout.repository, sha }));
  const { checks } = rollout.forge.open(rollout.repository, "check");
  return value(await checks.list(sha, "lockkeeper/signoff"))[0]?.title;
}

/** Ada's pull request, approved by Grace. */
export async function approved(
  rollout: RolloutWorld,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): Promise<{ number: number; sha: string }> {
  const pull = await openPull(rollout, branch, files);
  rollout.pass(2);
  await rollout.as("grace", "POST", `/pulls/${pull.number}/reviews`, { event: "APPROVE" });
  expect(await verdict(rollout, pull.sha)).toBe("Signed off by grace.");
  return pull;
}

/** The same, merged; answers the commit on main. */
export async function landApproved(
  rollout: RolloutWorld,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  method = "merge",
): Promise<string> {
  const { number } = await approved(rollout, branch, files);
  return merge(rollout, number, method);
}

export interface ToldIssue {
  readonly title: string;
  readonly body: string;
}

export async function issues(rollout: RolloutWorld): Promise<readonly ToldIssue[]> {
  return rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper");
}

/** The issues, once there are so many and GitHub had its minute to show by which pull request a commit came. */
export async function stopped(rollout: RolloutWorld, count: number): Promise<readonly ToldIssue[]> {
  rollout.push();
  await eventually(() => expect(rollout.world?.memory.unproven.size).toBeGreaterThan(0), patience);
  rollout.pass(61);
  rollout.push();
  return eventually(async () => {
    const found = await issues(rollout);
    expect(found).toHaveLength(count);
    return found;
  }, patience);
}
