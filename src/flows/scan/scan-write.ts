/** Does to branches and pull requests what the plan says. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { Person, PullRequest } from "../../model/pull.ts";
import type { Head, RepositoryRef } from "../../model/repository.ts";
import { closedBody, editedBody } from "../../plan/body-notices.ts";
import { type PullText, type Setting, pullText } from "../../plan/body.ts";
import { titleOf } from "../../plan/body-summary.ts";
import type { FactsOf } from "../../plan/bump-facts.ts";
import { type BumpMarker, bumpRecords, earlier, readBumpMarker } from "../../plan/bump-marker.ts";
import { isTipKnown } from "../../plan/open-pull.ts";
import type { Action } from "../../plan/reconcile.ts";
import type { Unit } from "../../plan/unit.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { factsOf } from "./bump-facts.ts";
import { sealOf } from "./bump-seal.ts";
import { linesHash } from "./edited-lines.ts";
import { introduce } from "./pull-introduction.ts";
import { type BranchPlan, createBranch, editedFiles, moveBranch, replaceBranch } from "./scan-branch.ts";
import type { Survey } from "./scan-survey.ts";
import type { World } from "../world.ts";

/** One repository at one commit of its default branch. */
export interface Bench {
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  readonly self: Person;
  readonly head: Head;
  readonly survey: Survey;
}

/**
 * Does all actions, one after the other. One that fails does not keep the others from being tried, except where everything
 * else would fail as well; the first failure is answered. `opened` is told the number of each pull request that is opened.
 */
export async function perform(
  bench: Bench,
  actions: readonly Action[],
  opened: Opened,
): Promise<Result<void>> {
  let first: Failure | undefined;
  for (const action of actions) {
    const done = await act(bench, action, opened);
    if (done.ok) continue;
    first ??= done.failure;
    if (["rate-limited", "unauthorized", "cancelled"].includes(done.failure.code)) break;
  }
  return first === undefined ? ok(undefined) : { ok: false, failure: first };
}

type Opened = (branch: string, number: number) => void;

async function act(bench: Bench, action: Action, opened: Opened): Promise<Result<void>> {
  switch (action.type) {
    case "open":
      return openPull(bench, action.unit, opened);
    case "refresh":
      return refreshPull(bench, action);
    case "describe": {
      const text = pullText(action.unit, settingOf(bench));
      const facts = await unitFacts(bench, action.unit);
      const { marker, pull } = action;
      const seal = sealOf(bench, pull.headBranch, marker.bumps);
      const body = text.body(facts, { ...marker, seal, text: text.hash });
      return settled(await describe(bench, pull, { title: text.title, body }));
    }
    case "warn": {
      const body = editedBody(action.pull.body, action.pull.headSha, action.continued);
      return settled(await describe(bench, action.pull, { body }));
    }
    case "close":
      return closePull(bench, action.pull, action.reason);
    case "leave":
      return introduce(bench, action.pull);
    default:
      return ok(undefined);
  }
}

async function openPull(bench: Bench, unit: Unit, opened: Opened): Promise<Result<void>> {
  const plan = await branchPlan(bench, unit);
  if (!plan.ok || plan.value === null) return settled(plan);
  const text = pullText(unit, settingOf(bench));
  const facts = await unitFacts(bench, unit);
  const commit = await createBranch(bench.forge.code, plan.value);
  if (!commit.ok) return commit;
  const created = await bench.forge.pulls.create({
    title: text.title,
    body: text.body(facts, markerOf(bench, unit, text, commit.value)),
    head: unit.branch,
    base: bench.head.branch,
    draft: bench.survey.config.pulls.draft,
  });
  if (!created.ok) return created;
  opened(unit.branch, created.value.number);
  told(bench, created.value, commit.value, "opened");
  return introduce(bench, created.value, true);
}

async function refreshPull(
  bench: Bench,
  { unit, pull, reason }: Action & { type: "refresh" },
): Promise<Result<void>> {
  const plan = await branchPlan(bench, unit);
  if (!plan.ok || plan.value === null) return settled(plan);
  const { code } = bench.forge;
  const text = pullText(unit, settingOf(bench));
  const facts = await unitFacts(bench, unit);
  const put = isTipKnown(pull) ? replaceBranch : moveBranch;
  const commit = await put(code, plan.value, pull.headSha);
  if (!commit.ok) return commit;
  const marker = markerOf(bench, unit, text, commit.value);
  const before = earlier(readBumpMarker(pull.body), pull.headSha, marker.bumps);
  const body = text.body(facts, { ...marker, before });
  const updated = await describe(bench, pull, { title: text.title, body }, commit.value);
  if (!updated.ok) return updated;
  if (updated.value === "over") return ok(undefined);
  told(bench, pull, commit.value, `built anew: ${reason}`);
  return introduce(bench, pull);
}

/**
 * Writes what an open pull request says. A person may have merged or closed it in this very moment, and said yes or no to
 * what it said before: then that is put back, and the answer is `over`. Of the commit that was just `put` there the new text
 * is the true one.
 */
async function describe(
  { forge: { pulls } }: Bench,
  before: PullRequest,
  text: { readonly title?: string; readonly body: string },
  put?: string,
): Promise<Result<"open" | "over">> {
  const updated = await pulls.update(before.number, text);
  if (!updated.ok) return updated;
  if (updated.value.state === "open") return ok("open");
  if (updated.value.headSha === put) return ok("over");
  const { title, body } = before;
  const restored = await pulls.update(before.number, { title, body });
  return restored.ok ? ok("over") : restored;
}

/** Null where the edit would not be clean: only a person can change that, and trying again is useless. */
async function branchPlan(bench: Bench, unit: Unit): Promise<Result<BranchPlan | null>> {
  const { world, repository, head, self } = bench;
  const snapshot = await bench.forge.code.snapshot(head.sha);
  if (!snapshot.ok) return snapshot;
  const files = await editedFiles(unit, snapshot.value, world.threads);
  if (!files.ok) {
    world.log.warn({ repository: repository.id, branch: unit.branch }, files.failure.message);
    return ok(null);
  }
  return ok({ branch: unit.branch, head, self, files: files.value, message: titleOf(unit) });
}

/** What the texts of pull requests are made of. */
export function settingOf({ survey, self }: Bench): Setting {
  const { signoff, pulls } = survey.config;
  return { rules: signoff, automerge: pulls.automerge, self };
}

function unitFacts({ world, forge, head }: Bench, unit: Unit): Promise<FactsOf> {
  return factsOf({ world, forge, webUrl: head.webUrl }, unit);
}

function markerOf(bench: Bench, unit: Unit, { hash }: PullText, commit: string): BumpMarker {
  const { survey, head } = bench;
  const bumps = [...bumpRecords(unit.bumps)];
  return {
    bumps,
    seal: sealOf(bench, unit.branch, bumps),
    commit,
    base: head.sha,
    lines: linesHash(survey.lines, bumps),
    text: hash,
  };
}

/**
 * The body says that it was us, so that it makes no hold. A person who was quicker has said no to a version, and that must not
 * be written over: hence the look before.
 */
export async function closePull(bench: Bench, pull: PullRequest, reason: string): Promise<Result<void>> {
  const { pulls, code } = bench.forge;
  const now = await pulls.get(pull.number);
  if (!now.ok || now.value.state !== "open") return settled(now);
  const closed = await pulls.update(pull.number, { state: "closed", body: closedBody(pull.body, reason) });
  if (!closed.ok) return closed;
  bench.world.log.info({ repository: bench.repository.id, pull: pull.number, reason }, "closed a bump");
  const deleted = await code.deleteBranch(pull.headBranch);
  return deleted.ok || deleted.failure.code === "not-found" ? ok(undefined) : deleted;
}

/** The webhook of the new head may be lost, so that the check is asked for here. */
function told({ world, repository }: Bench, pull: PullRequest, sha: string, what: string): void {
  world.log.info({ repository: repository.id, pull: pull.number, sha }, what);
  world.queue.add({ flow: "check", repository, sha });
}

function settled(result: Result<unknown>): Result<void> {
  return result.ok ? ok(undefined) : result;
}
