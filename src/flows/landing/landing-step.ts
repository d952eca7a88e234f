/** Takes one landing after the other along the default branch, and keeps account of what is proven of an app. */

import { type Result, ok } from "../../model/failure.ts";
import type { PullRequest } from "../../model/pull.ts";
import type { LandingRecord } from "../../rollout/inventory.ts";
import { changesBetween, compareAll } from "../check/changes.ts";
import { changedPaths } from "../check/check-change.ts";
import { type Aside, type Stop, mergeAside, setAside, stillAside } from "./landing-aside.ts";
import { type Landing, findLanding } from "./landing-find.ts";
import { type Inputs, type Site, eitherOf, inputsAt, isWithin } from "./landing-inputs.ts";
import { type MergeCommits, approvedBase, signatureOf, unprovenContent } from "./landing-proof.ts";
import type { Question, Standing } from "./standing.ts";

/** The question with what is known of both ends. */
export interface Known extends Question {
  readonly site: Site;
  /** Inputs of the app at either end. */
  readonly likely: Inputs;
  readonly headInputs: Inputs;
}

/** How far the line was followed. */
export interface Walk {
  /** Up to the last commit where everything was proven. */
  readonly standing: Standing;
  readonly at: string;
  /** Inputs of the app at `at`; while something is aside, those that it had before as well. */
  readonly inputs: Inputs;
  readonly aside: Aside;
  /** What was proven since `standing.sha`. */
  readonly landings: readonly LandingRecord[];
}

/** Everything from where the walk is up to a commit. */
interface Stretch {
  readonly sha: string;
  readonly paths: readonly string[];
  readonly inputs: Inputs;
  /** Through which it came; absent where no merged pull request is known of it. */
  readonly pull?: PullRequest;
}

/** Takes the first landing of what is left of the line: one commit, or the several of a pull request that was rebased. */
export async function takeStep(
  known: Known,
  walk: Walk,
  shas: readonly string[],
): Promise<Result<{ readonly walk: Walk; readonly taken: number }>> {
  const sha = shas[0] ?? known.head.sha;
  const own = await stretchTo(known, walk, sha);
  if (!own.ok) return own;
  if (mineOf(walk, own.value).length === 0) return taking(1, await arrive(known, walk, own.value, []));
  const found = await findLanding(known.forge, known.head, { parent: walk.at, shas });
  if (!found.ok) return found;
  if (typeof found.value === "string") {
    if (known.mayBeLate(sha))
      return ok({ walk: { ...walk, standing: { ...walk.standing, waiting: sha } }, taken: 0 });
    return taking(1, await refuse(known, walk, own.value, found.value));
  }
  const landing = found.value;
  const taken = shas.indexOf(landing.sha) + 1;
  const whole = taken === 1 ? own : await stretchTo(known, walk, landing.sha);
  if (!whole.ok) return whole;
  return taking(taken, await takeLanding(known, walk, whole.value, landing));
}

function taking(taken: number, walk: Result<Walk>): Result<{ readonly walk: Walk; readonly taken: number }> {
  return walk.ok ? ok({ walk: walk.value, taken }) : walk;
}

/** The branch was put somewhere else: nothing of the change to there is proven. */
export async function takeJump(known: Known, walk: Walk, stop: Stop): Promise<Result<Walk>> {
  const changed = await changesBetween(known.forge.code, walk.at, stop.sha);
  if (!changed.ok) return changed;
  const inputs = await inputsAt(known.site, stop.sha);
  if (!inputs.ok) return inputs;
  const stretch = { sha: stop.sha, paths: changedPaths(changed.value), inputs: inputs.value };
  return refuse(known, walk, stretch, stop.reason);
}

/** What changes up to a commit; its inputs are only read where something does that could be one. */
async function stretchTo(known: Known, walk: Walk, sha: string): Promise<Result<Stretch>> {
  const { forge, path, head, likely, headInputs, site } = known;
  const compared = await compareAll(forge.code, walk.at, sha);
  if (!compared.ok) return compared;
  const paths = changedPaths(compared.value.files);
  if (sha === head.sha) return ok({ sha, paths, inputs: headInputs });
  const may = paths.some((file) => likely.has(file) || walk.inputs.has(file) || isWithin(path, file));
  const inputs = may ? await inputsAt(site, sha) : ok(walk.inputs);
  return inputs.ok ? ok({ sha, paths, inputs: inputs.value }) : inputs;
}

function mineOf({ inputs, aside }: Walk, stretch: Stretch): readonly string[] {
  return stretch.paths.filter((file) => inputs.has(file) || stretch.inputs.has(file) || aside.has(file));
}

async function takeLanding(
  known: Known,
  walk: Walk,
  whole: Stretch,
  { sha, pull }: Landing,
): Promise<Result<Walk>> {
  const { code } = known.forge;
  const stretch = { ...whole, pull };
  const { number, headSha, mergedAt } = pull;
  const [signed, lineage] = await Promise.all([
    signatureOf(known.forge, pull),
    code.lineage(walk.at, headSha),
  ]);
  if (!signed.ok) return signed;
  if (signed.value === null)
    return refuse(known, walk, stretch, `pull request #${number} was merged without being signed off`);
  if (!lineage.ok) return lineage;
  const base = await approvedBase(code, signed.value, lineage.value.mergeBase);
  if (!base.ok) return base;
  const merge = { base: base.value, parent: walk.at, approved: headSha, landed: sha };
  const stray = await strayInput(known, walk, stretch, merge);
  if (!stray.ok) return stray;
  if (stray.value !== null) {
    const reason = `${stray.value} is not what was signed off in pull request #${number}`;
    return refuse(known, walk, stretch, reason);
  }
  const aside = await mergeAside(code, walk.aside, stretch.paths, merge);
  if (!aside.ok) return aside;
  const { run, record } = signed.value;
  const verdict = { verdict: run.title, at: run.completedAt, decision: record };
  const landed = { sha, pull: number, head: headSha, mergedAt, ...verdict };
  return arrive(known, { ...walk, aside: aside.value }, stretch, [landed]);
}

/**
 * The first input whose content nobody has signed off. What only becomes an input by the landing was none of anybody's
 * concern before: it has to be what the approved head holds.
 */
async function strayInput(
  known: Known,
  walk: Walk,
  stretch: Stretch,
  merge: MergeCommits,
): Promise<Result<string | null>> {
  const { forge, path } = known;
  const { code } = forge;
  const counts = (file: string): boolean =>
    walk.inputs.has(file) || stretch.inputs.has(file) || isWithin(path, file);
  const stray = await unprovenContent(code, counts, merge);
  if (!stray.ok || stray.value !== null) return stray;
  const changed = new Set(stretch.paths);
  const fresh = stretch.inputs.files.filter((file) => !walk.inputs.has(file) && !changed.has(file));
  if (fresh.length === 0) return ok(null);
  const [approved, landed] = [await code.tree(merge.approved), await code.tree(merge.landed)];
  if (!approved.ok) return approved;
  if (!landed.ok) return landed;
  const other = fresh.find((file) => approved.value.get(file)?.sha !== landed.value.get(file)?.sha);
  return ok(other ?? null);
}

/** Nothing proves the stretch: people may have accepted it; else what it did to the app's inputs is set aside. */
async function refuse(known: Known, walk: Walk, stretch: Stretch, reason: string): Promise<Result<Walk>> {
  const { code } = known.forge;
  const stop = { sha: stretch.sha, parent: walk.at, reason };
  const files = mineOf(walk, stretch);
  const accepted = await known.accepted(stop);
  if (!accepted.ok) return accepted;
  const aside =
    accepted.value === null
      ? await setAside(code, walk.aside, files, stop)
      : await mergeAside(code, walk.aside, files, { base: stop.parent, approved: stop.sha });
  if (!aside.ok) return aside;
  const { pull } = stretch;
  const came = pull === undefined ? {} : { pull: pull.number, mergedAt: pull.mergedAt };
  const landed = accepted.value === null ? [] : [{ ...accepted.value, ...came }];
  return arrive(known, { ...walk, aside: aside.value }, stretch, landed);
}

async function arrive(
  { forge }: Known,
  walk: Walk,
  stretch: Stretch,
  landed: readonly LandingRecord[],
): Promise<Result<Walk>> {
  const still = await stillAside(forge.code, walk.aside, stretch.sha);
  if (!still.ok) return still;
  const { sha } = stretch;
  const landings = [...walk.landings, ...landed];
  const [first] = still.value.values();
  if (first !== undefined) {
    const standing = { ...walk.standing, stopped: first.stop };
    const inputs = eitherOf(walk.inputs, stretch.inputs);
    return ok({ standing, at: sha, inputs, aside: still.value, landings });
  }
  const proven = [...walk.standing.landings, ...landings];
  const standing = { ...walk.standing, sha, stopped: null, landings: proven };
  return ok({ standing, at: sha, inputs: stretch.inputs, aside: still.value, landings: [] });
}
