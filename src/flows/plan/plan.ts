/** The plan flow: what merging a pull request would do to the cluster, in a check of its own that demands nothing. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { Comparison, PullRequest } from "../../model/pull.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { appHash } from "../../rollout/app-hash.ts";
import type { AppPlan } from "../../rollout/merge-plan.ts";
import { isTarget } from "../deploy/apps.ts";
import { changedPaths } from "../check/check-change.ts";
import { publishReport } from "../check/check-publish.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { emptyPlan, planApp } from "./plan-app.ts";
import { type PlanKey, isStillTrue, rememberPlan } from "./plan-memory.ts";
import { planRendered } from "./plan-rendered.ts";
import { planReport, unavailableReport } from "./plan-report.ts";
import { type Sides, readSides } from "./plan-sides.ts";
import { type TouchedApp, touchedApps } from "./plan-touched.ts";
import { targetFor } from "../deploy/repository-pins.ts";

/** What the steps of one plan are given. */
interface Drafting {
  readonly world: DeployWorld;
  readonly key: PlanKey;
  readonly forge: RepositoryForge;
  readonly comparison: Comparison;
  readonly sides: Sides;
  /** The head lies in a fork: nothing of it is put to the cluster. */
  readonly fork: boolean;
}

/**
 * Plans the merge of the open pull requests with this head, for every app that they touch in a repository that the cluster
 * side knows. A new check run is made only when the plan says something else. Where there is no plan to be had, the check
 * says so and is a success: it is here to be read, and blocks nothing that it knows nothing about.
 */
export async function plan(world: DeployWorld, key: PlanKey): Promise<Result<void>> {
  const { repository, sha } = key;
  const forge = world.forge.open(repository, "check");
  const ready = await world.ready();
  if (!isTarget(world, repository)) return ok(undefined);
  const pulls = await forge.pulls.withHead(sha);
  if (!pulls.ok) return pulls;
  const branch = pulls.value[0]?.baseBranch;
  if (branch === undefined) return ok(undefined);
  const compared = await forge.code.compare(branch, sha);
  if (!compared.ok && compared.failure.code === "incomplete")
    return unavailable(world, key, forge, "it changes more than GitHub lists");
  if (!compared.ok) return compared;
  const still = await isStillTrue(world, key, forge, compared.value.base);
  if (!still.ok || still.value) return still.ok ? ok(undefined) : still;
  const sides = await readSides(world, forge, compared.value, sha);
  if (!sides.ok) return sides;
  const fork = isFork(pulls.value, repository.id);
  const drafting = { world, key, forge, comparison: compared.value, sides: sides.value, fork };
  const touched = await touchedApps(world.threads, sides.value, changedPaths(compared.value.files));
  if (touched.length === 0) return ok(undefined);
  return ready.ok ? publish(drafting, touched, ready.value) : retry(drafting, ready.failure);
}

function isFork(pulls: readonly PullRequest[], repository: number): boolean {
  return pulls.every(({ headRepository }) => headRepository !== repository);
}

async function publish(
  drafting: Drafting,
  touched: readonly TouchedApp[],
  digestKey: Uint8Array,
): Promise<Result<void>> {
  const { world, key, forge, comparison, sides } = drafting;
  const remember = rememberPlan(world, key, comparison.base, touched);
  const plans: AppPlan[] = [];
  for (const app of touched) {
    const planned = await planOne(drafting, app, digestKey);
    if (!planned.ok) return retry(drafting, planned.failure);
    if (planned.value !== null) plans.push(planned.value);
  }
  if (plans.length === 0) return ok(undefined);
  const report = planReport(key.sha, plans, { conflict: sides.conflict });
  const published = await publishReport(world, key.repository, forge.checks, report);
  if (!published.ok) return published;
  remember(plans.some(({ late }) => late > 0));
  if (published.value) {
    const { conclusion, title } = report;
    world.log.info({ repository: key.repository.id, sha: key.sha, conclusion }, title);
  }
  return ok(undefined);
}

/** Null for an app of which nothing is to be told. */
async function planOne(
  { world, key, sides, fork }: Drafting,
  { path, before, after }: TouchedApp,
  digestKey: Uint8Array,
): Promise<Result<AppPlan | null>> {
  const hash = appHash(key.repository.id, path);
  const was = before?.mode === "apply" ? before : null;
  if (after === null || (after.mode !== "apply" && was !== null)) {
    const left = world.inventories.get(hash)?.entries.size ?? 0;
    return ok(was === null || left === 0 ? null : { ...emptyPlan(hash, was), left });
  }
  const commits = { before: sides.before.snapshot, after: sides.after.snapshot };
  const target = targetFor(world.targets, world.pins, key.repository, path);
  const why = notAsked({ fork, applied: after.mode === "apply", allowed: target !== undefined });
  if (why !== null || target === undefined) {
    const input = { hash, app: after, was: before, ...commits };
    return ok(await planRendered(world.renderer, input, why ?? ""));
  }
  return planApp(world, {
    hash,
    app: after,
    was,
    ...commits,
    repository: key.repository,
    target,
    key: digestKey,
  });
}

/** Half a sentence why the cluster is not asked about an app; null where it is. */
function notAsked(of: { readonly fork: boolean; readonly applied: boolean; readonly allowed: boolean }) {
  if (of.fork) return "nothing that a fork says is put to the cluster";
  if (!of.applied) return "Lockkeeper does not apply this app";
  return of.allowed ? null : "no target of the cluster lets this repository apply it";
}

async function unavailable(
  world: DeployWorld,
  { repository, sha }: PlanKey,
  { checks }: RepositoryForge,
  why: string,
): Promise<Result<void>> {
  const published = await publishReport(world, repository, checks, unavailableReport(sha, why));
  return published.ok ? ok(undefined) : published;
}

/** Says that there is no plan, unless there has been one, and fails, so that it is tried again. */
async function retry(
  { world, key, forge }: Pick<Drafting, "world" | "key" | "forge">,
  failure: Failure,
): Promise<Result<void>> {
  const report = unavailableReport(key.sha, failure.message);
  const runs = await forge.checks.list(key.sha, report.name);
  if (!runs.ok) return runs;
  if (runs.value.length === 0) {
    const said = await unavailable(world, key, forge, failure.message);
    if (!said.ok) return said;
  }
  return { ok: false, failure };
}
