/** Whether a pull request goes back to what was signed and healthy: told from its content and from our own deployments alone. */

import { configPath } from "../../config/config.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Comparison } from "../../model/pull.ts";
import type { TreeEntry } from "../../model/repository.ts";
import type { Deployment } from "../../ports/forge.ts";
import { appHash } from "../../rollout/app-hash.ts";
import { holdsFile } from "../../config/apps.ts";
import type { Bench } from "./check-bench.ts";
import { changedPaths } from "./check-change.ts";
import { readInputsOfApps } from "./check-inputs.ts";
import { judgedApps } from "../policy.ts";
import { inputsAt } from "../landing/landing-inputs.ts";

/** Of one app, newest first; who goes further back does not do so in a hurry. */
const mostDeployments = 20;

/**
 * Every app that it touches would have its inputs exactly as at a commit that our App has deployed with success. What the
 * default branch has changed of them since is no rollback of anything that ran: then it is none.
 */
export async function isRollback(
  bench: Bench,
  comparison: Comparison,
  sha: string,
): Promise<Result<boolean>> {
  const { policy } = bench;
  const paths = changedPaths(comparison.files);
  if (policy.type !== "rules" || paths.includes(configPath)) return ok(false);
  const isRead = await readInputsOfApps(bench, sha, paths);
  if (!isRead.ok) return isRead;
  const apps = judgedApps(policy, paths);
  const touched = apps.filter((app) => paths.some((path) => holdsFile(app, path) || isRead.value(app, path)));
  for (const app of touched) {
    const back = await goesBack(bench, app, { sha, mergeBase: comparison.mergeBase });
    if (!back.ok || !back.value) return back;
  }
  return ok(touched.length > 0);
}

async function goesBack(
  bench: Bench,
  app: App,
  { sha, mergeBase }: { readonly sha: string; readonly mergeBase: string },
): Promise<Result<boolean>> {
  const { forge, threads, policy } = bench;
  const { code } = forge;
  const inputs = await inputsAt({ code, threads, path: app.path }, sha);
  if (!inputs.ok) return inputs;
  const isInput = (file: string): boolean => file !== configPath && inputs.value.has(file);
  const [head, start, base] = [
    await code.tree(sha),
    await code.tree(mergeBase),
    await code.tree(policy.base.sha),
  ];
  if (!head.ok) return head;
  if (!start.ok) return start;
  if (!base.ok) return base;
  if (!sameFiles(start.value, base.value, isInput)) return ok(false);
  const listed = await forge.deployments.list({ task: `lockkeeper:${app.name}` });
  if (!listed.ok) return listed;
  const hash = appHash(bench.repository.id, app.path);
  const own = listed.value.filter(({ payload }) => payload["app"] === hash);
  for (const deployment of own.slice(0, mostDeployments)) {
    const then = await code.tree(deployment.sha);
    if (!then.ok && then.failure.code !== "not-found") return then;
    if (!then.ok || !sameFiles(then.value, head.value, isInput)) continue;
    const healthy = await wasHealthy(bench, deployment);
    if (!healthy.ok || healthy.value) return healthy;
  }
  return ok(false);
}

type Tree = ReadonlyMap<string, TreeEntry>;

/** What one commit reads at both: where that is the same, the other reads nothing else. */
function sameFiles(one: Tree, other: Tree, isInput: (file: string) => boolean): boolean {
  const same = (from: Tree, to: Tree): boolean =>
    [...from].every(([file, { sha, mode }]) => {
      const twin = to.get(file);
      return !isInput(file) || (twin?.sha === sha && twin.mode.slice(0, 3) === mode.slice(0, 3));
    });
  return same(one, other) && same(other, one);
}

async function wasHealthy({ forge }: Bench, { id }: Deployment): Promise<Result<boolean>> {
  const statuses = await forge.deployments.statuses(id);
  return statuses.ok ? ok(statuses.value.some(({ state }) => state === "success")) : statuses;
}
