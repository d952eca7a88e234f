/** Finds the newest commit of the default branch up to which every landing that touches an app is proven. */

import { type Result, ok } from "../../model/failure.ts";
import type { Commit, FileChange } from "../../model/pull.ts";
import { changesBetween, compareAll } from "../check/changes.ts";
import { changedPaths } from "../check/check-change.ts";
import { eitherOf, inputsAt } from "./landing-inputs.ts";
import { type Known, type Walk, takeJump, takeStep } from "./landing-step.ts";
import type { Question, Standing } from "./standing.ts";

export async function newestSigned(question: Question): Promise<Result<Standing>> {
  const { forge, threads, from, head, path } = question;
  const start: Standing = { sha: from, landings: [], stopped: null, commits: 0, waiting: null };
  if (from === head.sha) return ok(start);
  const history = await historyOf(question);
  if (!history.ok) return history;
  const { files, line, why } = history.value;
  if (files === null) return ok({ ...start, stopped: { sha: head.sha, parent: from, reason: why } });
  const site = { code: forge.code, threads, path };
  const [before, after] = [await inputsAt(site, from), await inputsAt(site, head.sha)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  const likely = eitherOf(before.value, after.value);
  const touched = changedPaths(files).some((file) => likely.has(file));
  if (!touched) return ok({ ...start, sha: head.sha, commits: line.commits.length });
  const walk: Walk = { standing: start, at: from, inputs: before.value, aside: new Map(), landings: [] };
  const known = { ...question, site, likely, headInputs: after.value };
  if (line.from === from) return followLine(known, walk, line.commits);
  const jumped = await takeJump(known, walk, { sha: line.from, parent: from, reason: why });
  return jumped.ok ? followLine(known, jumped.value, line.commits) : jumped;
}

/** The commits along first parents, oldest first, and the one that they begin behind. */
interface Line {
  readonly from: string;
  readonly commits: readonly Commit[];
}

interface History {
  /** All that changed; null where the commit that runs cannot be read any more. */
  readonly files: readonly FileChange[] | null;
  readonly line: Line;
  /** Half a sentence that says why the line does not begin at the commit that runs. */
  readonly why: string;
}

async function historyOf({ forge: { code }, from, head }: Question): Promise<Result<History>> {
  const compared = await compareAll(code, from, head.sha);
  const gone = `the commit that runs, ${from.slice(0, 7)}, is not on the line of ${head.branch} any more`;
  if (compared.ok) {
    const { status, files, commits } = compared.value;
    const line = firstParents(commits, head.sha);
    const all = status === "ahead" ? ok(files) : await changesBetween(code, from, head.sha);
    return all.ok ? ok({ files: all.value, line, why: gone }) : all;
  }
  const { code: failed } = compared.failure;
  if (failed !== "incomplete" && failed !== "not-found") return compared;
  const line = { from: head.sha, commits: [] };
  const long = `more has happened since ${from.slice(0, 7)} than GitHub lists, so that it cannot be proven`;
  const files = await changesBetween(code, from, head.sha);
  if (files.ok) return ok({ files: files.value, line, why: failed === "incomplete" ? long : gone });
  const runs = await code.tree(from);
  return !runs.ok && runs.failure.code === "not-found" ? ok({ files: null, line, why: gone }) : files;
}

/** From the head back to where the comparison ends. */
function firstParents(commits: readonly Commit[], head: string): Line {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const line: Commit[] = [];
  let from = head;
  for (let next = bySha.get(head); next !== undefined; next = bySha.get(from)) {
    line.push(next);
    from = next.parents[0] ?? "";
  }
  return { from, commits: line.toReversed() };
}

async function followLine(known: Known, start: Walk, line: readonly Commit[]): Promise<Result<Standing>> {
  let walk = start;
  const shas = line.map(({ sha }) => sha);
  for (let at = 0; at < shas.length && walk.standing.waiting === null;) {
    const next = await takeStep(known, walk, shas.slice(at));
    if (!next.ok) return next;
    walk = next.value.walk;
    at += next.value.taken;
  }
  return ok(walk.standing);
}
