/** Judges one pull request: gathers the facts, in the order in which they decide what else is asked, and evaluates them. */

import { type Problem, configPath } from "../../config/config.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Comparison, Person, PullRequest } from "../../model/pull.ts";
import type { AuditRecord } from "../../signoff/audit.ts";
import { contributions } from "../../signoff/contributors.ts";
import { type Demand, approversOf, demandsOf } from "../../signoff/demand.ts";
import { type Verdict, evaluate } from "../../signoff/evaluate.ts";
import type { Change, FreezeAhead } from "../../signoff/facts.ts";
import { freezesOf } from "../../signoff/freeze.ts";
import type { SignoffRules } from "../../signoff/rule.ts";
import { auditOf } from "./check-audit.ts";
import type { Bench } from "./check-bench.ts";
import { type OwnBump, mayMergeByItself, ownBump } from "./check-bump.ts";
import { changeOf, changedPaths } from "./check-change.ts";
import { readInputsOfApps } from "./check-inputs.ts";
import { readKinds } from "./check-kinds.ts";
import { type Moves, readMoves } from "./check-moves.ts";
import { readStandings, weigh } from "./check-opinions.ts";
import { ownedFiles } from "./check-owners.ts";
import { configOf, judgesApps } from "../policy.ts";
import { pastRules } from "./override-record.ts";

/**
 * - `verdict`: by the rules; `passing` when GitHub's answers are not up to date yet, so that it has to be asked again.
 * - `broken`: the configuration is not understood, at the head of the default branch or as the pull request would leave it.
 * - `oversized`: it changes more than GitHub lists, so that nobody can tell what was approved.
 * - `stray`: a merge queue has built something else than what was approved.
 * - `unwatched`: Lockkeeper only looks on in this repository.
 */
export type Judgement =
  | {
      readonly type: "verdict";
      readonly pull: number;
      readonly verdict: Verdict;
      readonly passing: boolean;
      /** All that the verdict was made from. */
      readonly audit: AuditRecord;
      /** Where it is a pull request of ours. */
      readonly bump?: OwnBump;
    }
  | { readonly type: "broken"; readonly pull: number; readonly problems: readonly Problem[] }
  | { readonly type: "oversized"; readonly pull: number; readonly why: string }
  | { readonly type: "stray"; readonly pull: number; readonly why: string }
  | { readonly type: "unwatched"; readonly pull: number };

/**
 * For a configuration that is broken: its repair has to be possible, so a pull request that changes nothing else is for the
 * administrators to sign.
 */
const repair: SignoffRules = { owners: [], default: [], rules: [], freeze: [], override: [] };

/** `compared` is the pull request's head with the commit that the policy is read from. */
export async function judgePull(
  bench: Bench,
  pull: PullRequest,
  compared: Result<Comparison>,
): Promise<Result<Judgement>> {
  const { policy } = bench;
  if (!compared.ok) {
    if (compared.failure.code !== "incomplete") return compared;
    return ok({ type: "oversized", pull: pull.number, why: compared.failure.message });
  }
  const paths = changedPaths(compared.value.files);
  const configuration = paths.includes(configPath);
  if (policy.type === "broken" && !paths.every((path) => path === configPath))
    return ok({ type: "broken", pull: pull.number, problems: policy.problems });
  if (policy.type === "rules" && !configuration && !judgesApps(policy))
    return ok({ type: "unwatched", pull: pull.number });
  const problems = configuration ? await newProblems(bench, pull) : ok<readonly Problem[]>([]);
  if (!problems.ok) return problems;
  if (problems.value.length > 0) return ok({ type: "broken", pull: pull.number, problems: problems.value });
  return judgeByRules(bench, pull, compared.value, paths);
}

/** What is wrong with the configuration as the pull request would leave it; taking it away is for the owners to decide. */
async function newProblems(
  { forge, threads }: Bench,
  pull: PullRequest,
): Promise<Result<readonly Problem[]>> {
  const snapshot = await forge.code.snapshot(pull.headSha);
  if (!snapshot.ok) return snapshot;
  const found = await configOf(threads, snapshot.value);
  return ok(found !== null && "problems" in found ? found.problems : []);
}

async function judgeByRules(
  bench: Bench,
  pull: PullRequest,
  comparison: Comparison,
  paths: readonly string[],
): Promise<Result<Judgement>> {
  const matter = await matterOf(bench, pull, comparison, paths);
  return matter.ok ? decide(bench, pull, matter.value) : matter;
}

/** What a change is and what it has to meet, whoever has an opinion of it. */
export async function matterOf(
  bench: Bench,
  pull: PullRequest,
  comparison: Comparison,
  paths: readonly string[],
): Promise<Result<Matter>> {
  const asked = mayMergeByItself(bench, pull);
  const kinds = await readKinds(bench, comparison, { sha: pull.headSha, asked });
  if (!kinds.ok) return kinds;
  const rules = bench.policy.type === "rules" ? bench.policy.config.signoff : repair;
  const byAuthor = rules.rules.some(({ when }) => when.authors !== undefined);
  const early = byAuthor ? await readMoves(bench, pull) : ok(null);
  if (!early.ok) return early;
  const pushers = pushersOf(early.value ?? notNeeded, bench.self);
  const isRead = await readInputsOfApps(bench, pull.headSha, paths);
  if (!isRead.ok) return isRead;
  const owned = await ownedFiles(bench, paths);
  if (!owned.ok) return owned;
  const content = { files: comparison.files, kinds: kinds.value, isRead: isRead.value };
  const change = { ...changeOf(bench, pull, paths, content), pushers, owned: owned.value };
  const ahead = freezesOf(rules.freeze, change, bench.now);
  const demands = demandsOf(rules, change);
  return ok({ comparison, change, demands, ahead, moves: early.value });
}

export interface Matter {
  readonly comparison: Comparison;
  readonly change: Change;
  readonly demands: readonly Demand[];
  readonly ahead: readonly FreezeAhead[];
  /** Null where they have not been asked for yet: who moved the branch matters only where somebody has an opinion. */
  readonly moves: Moves | null;
}

async function decide(
  bench: Bench,
  pull: PullRequest,
  { comparison, change, demands, ahead, moves: early }: Matter,
): Promise<Result<Judgement>> {
  const standings = demands.length > 0 ? await readStandings(bench, pull) : ok([]);
  if (!standings.ok) return standings;
  const late = early === null && standings.value.length > 0 ? await readMoves(bench, pull) : ok(notNeeded);
  if (!late.ok) return late;
  const moves = early ?? late.value;
  const present = { pull, comparison, moves };
  const opinions = await weigh(bench, present, standings.value, approversOf(demands, ahead));
  if (!opinions.ok) return opinions;
  const hands = contributions(comparison.commits, moves.known ? moves.moves : [], bench.self);
  const facts = { ...hands, opinions: opinions.value };
  const judged = await pastRules(bench, pull, change, evaluate(change, demands, facts, ahead));
  if (!judged.ok) return judged;
  const verdict = judged.value;
  const audit = auditOf(bench, { pull, comparison, facts, verdict });
  const decisive = early !== null || opinions.value.some((opinion) => opinion.state === "approved");
  const passing = !moves.known && moves.passing && decisive;
  const bump = byHand(verdict, ownBump(bench, pull, comparison, change));
  return ok({
    type: "verdict",
    pull: pull.number,
    verdict,
    passing,
    audit,
    ...(bump !== undefined && { bump }),
  });
}

/** What was let through past the rules is for people to merge. */
function byHand({ override }: Verdict, bump: OwnBump | undefined): OwnBump | undefined {
  return override === undefined ? bump : bump && { ...bump, automerge: false };
}

/** Null where nobody knows, or somebody of whom GitHub does not say who it is moved the branch. */
function pushersOf(moves: Moves, self: Person): readonly string[] | null {
  if (!moves.known) return null;
  const { contributors, unattributed } = contributions([], moves.moves, self);
  return unattributed.length > 0 ? null : contributors.map(({ login }) => login);
}

const notNeeded: Moves = { known: true, moves: [] };
