/** Finds the newest commit of the default branch up to which every landing that touches an app was signed off. */

import { configPath } from "../config/config.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Commit, FileChange, PullRequest } from "../model/pull.ts";
import type { Tip } from "../model/repository.ts";
import type { RepositoryForge } from "../ports/forge.ts";
import type { LandedPull } from "../rollout/inventory.ts";
import { unprovenContent, wasSignedOff } from "./landing-proof.ts";

/** How far an app may go. */
export interface Standing {
  readonly sha: string;
  /** Whether anything of the app's changed up to there. */
  readonly touched: boolean;
  /** What brought it there, oldest first. */
  readonly pulls: readonly LandedPull[];
  /** The first landing that proves nothing, and why; the app stays before it. */
  readonly stopped: { readonly sha: string; readonly reason: string } | null;
  /** How many commits were looked through. */
  readonly commits: number;
  /** GitHub does not show yet how a landing came: look again soon. */
  readonly waiting: boolean;
}

/** What is looked at: one app between the commit that is applied and the tip of the branch. */
export interface Question {
  readonly forge: RepositoryForge;
  readonly path: string;
  readonly from: string;
  readonly head: Tip;
  /** Whether a landing without a pull request may be one that GitHub only does not show yet. */
  mayBeLate(sha: string): boolean;
  /** All that changed between `from` and the head, once that is known. */
  readonly whole?: readonly FileChange[];
}

/** One change of the branch: everything from `parent` (not included) up to `sha`. */
interface Landing {
  readonly parent: string;
  readonly sha: string;
  readonly pull: PullRequest;
}

/** Whether files change what an app is: its folder, or the configuration. */
export function touchesApp(files: readonly FileChange[], path: string): boolean {
  return files.some((file) => [file.path, file.previousPath ?? ""].some((name) => belongsTo(path, name)));
}

export function belongsTo(path: string, file: string): boolean {
  return path === "." || file === configPath || file.startsWith(`${path}/`);
}

export async function newestSigned(question: Question): Promise<Result<Standing>> {
  const { forge, from, head, path } = question;
  const start: Standing = { sha: from, touched: false, pulls: [], stopped: null, commits: 0, waiting: false };
  if (from === head.sha) return ok(start);
  const compared = await forge.code.compare(from, head.sha);
  if (!compared.ok && compared.failure.code === "incomplete") {
    const reason = `more has happened since ${from.slice(0, 7)} than GitHub lists, so it cannot be proven`;
    return ok({ ...start, stopped: { sha: head.sha, reason } });
  }
  if (!compared.ok) return compared;
  const { status, files, commits } = compared.value;
  const line = status === "ahead" ? firstParents(commits, from, head.sha) : null;
  if (line === null) {
    const reason = `the commit that runs, ${from.slice(0, 7)}, is not on the line of ${head.branch} any more`;
    return ok({ ...start, stopped: { sha: head.sha, reason } });
  }
  if (!touchesApp(files, path)) return ok({ ...start, sha: head.sha, commits: commits.length });
  return walk({ ...question, whole: files }, start, line);
}

/** The commits from `from` (not included) to `to` along first parents, oldest first; null when they do not meet. */
function firstParents(commits: readonly Commit[], from: string, to: string): readonly Commit[] | null {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const line: Commit[] = [];
  for (let sha = to; sha !== from;) {
    const commit = bySha.get(sha);
    if (commit === undefined) return null;
    line.push(commit);
    sha = commit.parents[0] ?? "";
  }
  return line.toReversed();
}

async function walk(question: Question, start: Standing, line: readonly Commit[]): Promise<Result<Standing>> {
  let standing = start;
  for (let at = 0; at < line.length;) {
    const next = await step(question, standing, line.slice(at));
    if (!next.ok) return next;
    standing = next.value.standing;
    if (standing.stopped !== null || standing.waiting) break;
    at += next.value.taken;
  }
  return ok(standing);
}

/** Takes the first landing of what is left of the line: one commit, or the several of a pull request that was rebased. */
async function step(
  question: Question,
  standing: Standing,
  line: readonly Commit[],
): Promise<Result<{ standing: Standing; taken: number }>> {
  const { path, head } = question;
  const sha = line[0]?.sha ?? head.sha;
  const own = await changedBy(question, standing.sha, sha);
  if (!own.ok) return own;
  if (!touchesApp(own.value, path)) return ok({ standing: { ...standing, sha }, taken: 1 });
  const shas = line.map((commit) => commit.sha);
  const found = await findLanding(question, standing.sha, shas);
  if (!found.ok) return found;
  if (typeof found.value === "string") {
    if (question.mayBeLate(sha)) return ok({ standing: { ...standing, waiting: true }, taken: 0 });
    return ok({ standing: stop(standing, sha, found.value), taken: 0 });
  }
  const landing = found.value;
  const taken = shas.indexOf(landing.sha) + 1;
  const reason = await unproven(question, landing, taken === 1 ? own.value : null);
  if (!reason.ok) return reason;
  if (reason.value !== null) return ok({ standing: stop(standing, landing.sha, reason.value), taken: 0 });
  const { number, mergedAt } = landing.pull;
  const pulls = [...standing.pulls, { number, sha: landing.sha, mergedAt }];
  return ok({ standing: { ...standing, sha: landing.sha, touched: true, pulls }, taken });
}

/** The landing that the first of `shas` belongs to, or half a sentence why there is none, unless GitHub is only late. */
async function findLanding(
  { forge, head }: Question,
  parent: string,
  shas: readonly string[],
): Promise<Result<Landing | string>> {
  const associated = await forge.code.pullsOf(shas[0] ?? head.sha);
  if (!associated.ok) return associated;
  const pull = associated.value.find(
    (each) => each.merged && each.baseBranch === head.branch && shas.includes(each.mergeCommitSha ?? ""),
  );
  if (pull === undefined) return ok("it did not come by a merged pull request");
  const landing = { parent, sha: pull.mergeCommitSha ?? "", pull };
  const together = await cameTogether(forge, head, landing, shas.slice(0, shas.indexOf(landing.sha)));
  if (!together.ok) return together;
  return ok(
    together.value ? landing : `it did not come together with the rest of pull request #${pull.number}`,
  );
}

/**
 * Whether the branch moved over the commits `before` the last one of a landing in the same move as to that. One that was
 * pushed earlier is of the pull request too, yet nobody who looked at that afterwards was shown it.
 */
async function cameTogether(
  forge: RepositoryForge,
  head: Tip,
  { sha, pull }: Landing,
  before: readonly string[],
): Promise<Result<boolean>> {
  if (before.length === 0) return ok(true);
  const moves = await forge.code.activity(head.branch, pull.mergedAt ?? "");
  if (!moves.ok) return moves.failure.code === "incomplete" ? ok(false) : moves;
  const last = moves.value.find((move) => move.after === sha);
  return ok(last !== undefined && last.type !== "force_push" && !before.includes(last.before));
}

async function changedBy(
  question: Question,
  parent: string,
  sha: string,
): Promise<Result<readonly FileChange[]>> {
  const { forge, from, head, whole } = question;
  if (whole !== undefined && parent === from && sha === head.sha) return ok(whole);
  const compared = await forge.code.compare(parent, sha);
  return compared.ok ? ok(compared.value.files) : compared;
}

function stop(standing: Standing, sha: string, reason: string): Standing {
  return { ...standing, stopped: { sha, reason } };
}

/** What is missing in the proof of a landing, as half a sentence; null when nothing is. `files` when they are known. */
async function unproven(
  { forge, path }: Question,
  { parent, sha, pull }: Landing,
  files: readonly FileChange[] | null,
): Promise<Result<string | null>> {
  const [signed, approved, landed] = await Promise.all([
    wasSignedOff(forge, pull),
    forge.code.compare(parent, pull.headSha),
    files === null ? forge.code.compare(parent, sha) : null,
  ]);
  if (!signed.ok) return signed;
  if (!signed.value) return ok(`pull request #${pull.number} was merged without being signed off`);
  if (!approved.ok) return approved;
  if (landed !== null && !landed.ok) return landed;
  const content = await unprovenContent(forge, (file) => belongsTo(path, file), {
    base: approved.value.mergeBase,
    parent,
    approved: { sha: pull.headSha, files: approved.value.files },
    landed: { sha, files: landed === null ? (files ?? []) : landed.value.files },
  });
  if (!content.ok || content.value === null) return content;
  return ok(`${content.value} is not what was signed off in pull request #${pull.number}`);
}
