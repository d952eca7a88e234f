/** The check flow: one verdict for each head of open pull requests onto the default branch, and what a queue has built. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import type { Comparison, PullRequest } from "../../model/pull.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { guardBlock } from "../../signoff/guard-text.ts";
import { advanceBump, stopMerging } from "../scan/automerge.ts";
import { guardOf } from "./branch-guard.ts";
import type { OwnBump } from "./check-bump.ts";
import { openBench } from "./check-bench.ts";
import { checkConfig } from "./check-config.ts";
import { type Judged, judgeGroup } from "./check-group.ts";
import { type Judgement, judgePull } from "./check-judge.ts";
import { publishReport } from "./check-publish.ts";
import { type Spoken, auditsOf, checkReport } from "./check-report.ts";
import { withdrawSuccess } from "./check-withdraw.ts";
import type { World } from "../world.ts";

export type CheckKey = Extract<Key, { flow: "check" }>;

/**
 * Judges every open pull request onto the default branch that has this head, or that a merge queue has merged into it, and
 * says so in one check of the commit. Without a configuration there is no check. A new check run is made only when the verdict is another than the newest one: earlier
 * ones stay as the record of what was true when. Nothing is merged but pull requests of ours that the configuration lets
 * merge by themselves.
 */
export async function check(world: World, key: CheckKey): Promise<Result<void>> {
  const forge = world.forge.open(key.repository, "check");
  const judged = await judgeCommit(world, key, forge);
  if (!judged.ok) return judged;
  const { branch, judgements } = judged.value;
  const [first, ...others] = judgements.filter((judgement) => judgement.type !== "unwatched");
  if (first === undefined) return ok(undefined);
  comeBack(world, key, [first, ...others]);
  const guard = await guardOf(world, key.repository, forge, branch);
  const notes = guard === null ? [] : [guardBlock(branch, guard)];
  const report = checkReport(key.sha, [first, ...others], notes);
  const passing = [first, ...others].some(isPassing);
  const signed = report.conclusion === "success" && !passing;
  const bumps = [first, ...others].flatMap((one) => (one.type === "verdict" ? (one.bump ?? []) : []));
  const unfit = bumps.filter(({ automerge }) => !signed || !automerge);
  const stopped = await stopMerging(world, key.repository, unfit);
  if (!stopped.ok) return stopped;
  const published = await publishReport(world, key.repository, forge.checks, report);
  if (!published.ok) return published;
  if (published.value) {
    const { conclusion, title } = report;
    const audit = auditsOf([first, ...others]);
    world.log.info({ repository: key.repository.id, sha: key.sha, conclusion, audit }, title);
  }
  if (passing) return fail("conflict", "GitHub's list of the branch's moves is not up to date yet");
  return signed ? advanceBumps(world, key, bumps) : ok(undefined);
}

/** A freeze begins and ends without any event. Timers do not reach further than some weeks, so that it is looked at daily. */
const longestSeconds = 24 * 60 * 60;

/** Puts the commit on the queue for when its verdict may be another though nothing happens. */
function comeBack({ clock, queue }: World, key: CheckKey, judgements: readonly Spoken[]): void {
  const turns = judgements.flatMap((one) => (one.type === "verdict" ? (one.verdict.reconsiderAt ?? []) : []));
  const first = Math.min(...turns.map((at) => Date.parse(at)));
  if (first === Infinity) return;
  const seconds = Math.max(1, Math.ceil((first - clock.now().getTime()) / 1000));
  queue.add(key, Math.min(seconds, longestSeconds));
}

async function advanceBumps(
  world: World,
  { repository }: CheckKey,
  bumps: readonly OwnBump[],
): Promise<Result<void>> {
  for (const bump of bumps) {
    const advanced = await advanceBump(world, repository, bump);
    if (!advanced.ok) return advanced;
  }
  return ok(undefined);
}

async function judgeCommit(world: World, key: CheckKey, forge: RepositoryForge): Promise<Result<Judged>> {
  const { repository, sha } = key;
  const pulls = await forge.pulls.withHead(sha);
  if (!pulls.ok) return pulls;
  if (pulls.value.length > 0) return judgePulls(world, key, forge, pulls.value);
  const group = await judgeGroup(world, { repository, forge }, sha);
  if (!group.ok || group.value.judgements.length > 0) return group;
  const withdrawn = await withdrawSuccess(world, repository, forge, sha);
  return withdrawn.ok ? group : withdrawn;
}

/** `pulls` are onto the default branch, at least one. */
async function judgePulls(
  world: World,
  { repository, sha }: CheckKey,
  forge: RepositoryForge,
  pulls: readonly PullRequest[],
): Promise<Result<Judged>> {
  const branch = pulls[0]?.baseBranch ?? "";
  const compared = await forge.code.compare(branch, sha);
  const tip = await tipOf(forge, branch, compared);
  if (!tip.ok) return tip;
  const site = { world, repository, forge, sha, base: tip.value };
  const checked = compared.ok ? await checkConfig(site, compared.value) : ok(undefined);
  if (!checked.ok) return checked;
  const bench = await openBench(world, { repository, forge }, { branch, sha: tip.value, frozen: false });
  if (!bench.ok || bench.value === null) return bench.ok ? ok({ branch, judgements: [] }) : bench;
  const judgements: Judgement[] = [];
  for (const pull of pulls) {
    const judged = await judgePull(bench.value, pull, compared);
    if (!judged.ok) return judged;
    judgements.push(judged.value);
  }
  return ok({ branch, judgements });
}

/** The comparison tells where the branch stood, unless GitHub cut it; then there is a verdict, that it is too large. */
async function tipOf(
  forge: RepositoryForge,
  branch: string,
  compared: Result<Comparison>,
): Promise<Result<string>> {
  if (compared.ok) return ok(compared.value.base);
  return compared.failure.code === "incomplete" ? forge.code.branch(branch) : compared;
}

function isPassing(judgement: Spoken): boolean {
  return judgement.type === "verdict" && judgement.passing;
}
