/** Who may accept a landing that nobody has signed off, and who brought it and therefore may not. */

import { configPath } from "../../config/config.ts";
import type { UnsignedLanding } from "../../commands/command.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { Comparison, PullRequest, RefActivity } from "../../model/pull.ts";
import type { Tip } from "../../model/repository.ts";
import type { Code } from "../../ports/forge.ts";
import { type Contributions, contributions } from "../../signoff/contributors.ts";
import { type Demand, demandsOf } from "../../signoff/demand.ts";
import type { Change, FreezeAhead } from "../../signoff/facts.ts";
import { freezesOf } from "../../signoff/freeze.ts";
import { changesBetween, compareAll } from "../check/changes.ts";
import { type Bench, openBench } from "../check/check-bench.ts";
import { changedPaths } from "../check/check-change.ts";
import { matterOf } from "../check/check-judge.ts";
import { judgedApps, readPolicy } from "../policy.ts";
import type { World } from "../world.ts";

export interface AcceptanceMatter {
  readonly change: Change;
  readonly demands: readonly Demand[];
  readonly hands: Contributions;
  /** As they are now. */
  readonly ahead: readonly FreezeAhead[];
}

/** So far back it is asked who moved the branch. */
const movesOfDays = 30;

/** By the rules as they were before the landing. `rejected` where nobody can tell who may. */
export async function acceptanceMatter(
  world: World,
  { repository, forge }: Pick<Bench, "repository" | "forge">,
  landing: UnsignedLanding,
): Promise<Result<AcceptanceMatter>> {
  const head = await forge.code.head();
  if (!head.ok) return head;
  const { branch } = head.value;
  const before = { branch, sha: landing.parent, frozen: false };
  const bench = await openBench(world, { repository, forge }, before);
  if (!bench.ok) return bench;
  if (bench.value === null) return fail("rejected", "no configuration before it says who may accept it");
  const changed = await changeOf(forge.code, landing);
  if (!changed.ok) return changed;
  const since = new Date(world.clock.now().getTime() - movesOfDays * 86_400_000).toISOString();
  const moves = await movesTo(forge.code, { tip: head.value, since }, landing);
  if (!moves.ok) return moves;
  const brought = await broughtBy(forge.code, landing, moves.value);
  if (!brought.ok) return brought;
  const paths = changedPaths(changed.value.files);
  const matter = await matterOf(bench.value, pretended(landing, brought.value), changed.value, paths);
  if (!matter.ok) return matter;
  const change = forApp(bench.value, landing.path, matter.value.change);
  const hands = contributions(changed.value.commits, moves.value, bench.value.self);
  const ahead = await freezesNow(bench.value, head.value, change);
  return ahead.ok
    ? ok({ change, demands: demandsFor(bench.value, change), hands, ahead: ahead.value })
    : ahead;
}

/** As if everything since the parent were one pull request. */
async function changeOf(code: Code, { parent, sha }: UnsignedLanding): Promise<Result<Comparison>> {
  const compared = await compareAll(code, parent, sha);
  if (!compared.ok || compared.value.status === "ahead") return compared;
  const files = await changesBetween(code, parent, sha);
  return files.ok ? ok({ ...compared.value, mergeBase: parent, files: files.value }) : files;
}

/** The move that brought the landing; where the branch was rewritten, all those that did since the parent was its tip. */
async function movesTo(
  code: Code,
  { tip, since }: { readonly tip: Tip; readonly since: string },
  { parent, sha }: UnsignedLanding,
): Promise<Result<readonly RefActivity[]>> {
  const [moves, behind, from] = await Promise.all([
    code.activity(tip.branch, since),
    code.lineage(sha, tip.sha),
    code.lineage(parent, sha),
  ]);
  if (!behind.ok) return behind;
  if (!from.ok) return from;
  const unknown = "GitHub does not tell who brought it there";
  if (!moves.ok) return moves.failure.code === "incomplete" ? fail("rejected", unknown) : moves;
  if (from.value.status !== "ahead") {
    const end = moves.value.findIndex((move) => move.after === parent);
    const forced = moves.value
      .slice(0, end < 0 ? undefined : end)
      .filter(({ type }) => type === "force_push");
    return forced.length === 0 ? fail("rejected", unknown) : ok(forced);
  }
  const tips = new Set([sha, ...behind.value.commits.map((commit) => commit.sha)]);
  const brought = moves.value.findLast((move) => tips.has(move.after));
  return brought === undefined ? fail("rejected", unknown) : ok([brought]);
}

/** Whose change it is, with its labels where it came by a pull request. */
async function broughtBy(
  code: Code,
  { sha }: UnsignedLanding,
  moves: readonly RefActivity[],
): Promise<Result<Pick<PullRequest, "author" | "labels">>> {
  const pulls = await code.pullsOf(sha);
  if (!pulls.ok) return pulls;
  const pull = pulls.value.find(({ merged }) => merged);
  if (pull !== undefined) return ok(pull);
  const author = moves[0]?.actor;
  if (author) return ok({ author, labels: [] });
  return fail("rejected", "the one who brought it there has no account any more");
}

/** What judging asks of a pull request, for a landing that came by none that was signed off. */
function pretended(
  { sha, parent }: UnsignedLanding,
  { author, labels }: Pick<PullRequest, "author" | "labels">,
): PullRequest {
  return {
    number: 0,
    nodeId: "",
    title: "",
    body: "",
    state: "closed",
    merged: true,
    mergedAt: null,
    mergeCommitSha: sha,
    closedAt: null,
    draft: false,
    author,
    headBranch: "",
    headSha: sha,
    headRepository: null,
    baseBranch: "",
    baseSha: parent,
    labels,
  };
}

/** The others that it touches have issues of their own. */
function forApp({ policy }: Bench, path: string, change: Change): Change {
  const apps = policy.type === "rules" ? judgedApps(policy, change.paths) : [];
  const name = apps.find((app) => app.path === path)?.name;
  return { ...change, apps: change.apps.filter((app) => app.name === name) };
}

/** Those of the rules before the landing, which it cannot have ended, and those that have come since. */
async function freezesNow(
  { threads, forge, policy: before, now }: Bench,
  tip: Tip,
  change: Change,
): Promise<Result<readonly FreezeAhead[]>> {
  const policy = await readPolicy(threads, forge.code, tip);
  if (!policy.ok) return policy;
  const all = [before, policy.value].flatMap((one) =>
    one.type === "rules" ? one.config.signoff.freeze : [],
  );
  const distinct = new Map(all.map((freeze) => [JSON.stringify(freeze), freeze]));
  return ok(freezesOf([...distinct.values()], change, now));
}

/** Where nothing asks anybody, the administrators have to. */
function demandsFor({ policy }: Bench, change: Change): readonly Demand[] {
  const demands = policy.type === "rules" ? demandsOf(policy.config.signoff, change) : [];
  if (demands.length > 0) return demands;
  const nobody = { owners: [], default: [], rules: [], freeze: [], override: [] };
  return demandsOf(nobody, { ...change, paths: [configPath], configuration: true });
}
