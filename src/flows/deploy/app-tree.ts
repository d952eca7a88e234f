/** Why one app is not at the newest commit that concerns it, asked anew and written nowhere. */

import type { Target } from "../../config/config.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { type Head, type RepositoryRef, fullName } from "../../model/repository.ts";
import type { Issue, RepositoryForge } from "../../ports/forge.ts";
import { dashboardLabels } from "../../plan/dashboard.ts";
import { readPausesMarker } from "../../plan/pauses.ts";
import { appHash } from "../../rollout/app-hash.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { type Pause, laterPause, pauseText, secondsOf } from "../../rollout/pause.ts";
import type { Gate, VerdictTree } from "../../signoff/verdict-tree.ts";
import { matchesGlob } from "../../text/glob.ts";
import { inertLine } from "../../text/inert.ts";
import { acceptedLanding } from "../landing/accepted.ts";
import { pausesSeal } from "../dashboard/dashboard-memory.ts";
import { issueAbout } from "./app-issue.ts";
import { newestSigned } from "../landing/landing.ts";
import type { Standing } from "../landing/standing.ts";
import { type LastDeployment, lastDeployments } from "../landing/last-deployment.ts";
import type { World } from "../world.ts";

export interface AppPlace {
  readonly world: Pick<World, "forge" | "targets" | "threads" | "clock">;
  readonly repository: RepositoryRef;
  /** Through a token that may read. */
  readonly forge: RepositoryForge;
  readonly head: Head;
  readonly app: App;
  /** What the cluster has on record; null where it has nothing, or is not asked. */
  readonly inventory: Inventory | null;
}

/** Commits by their ids; `runs` is null where nothing is known to have been applied. */
export interface AppTree extends VerdictTree {
  readonly runs: string | null;
  readonly signed: string | null;
  readonly head: string;
}

interface Facts {
  readonly standing: Standing | null;
  readonly deployments: { readonly newest: LastDeployment | null; readonly healthy: string | null };
  readonly pause: Pause | null;
  readonly unsigned: Issue | undefined;
  readonly drift: Issue | undefined;
}

export async function treeOfApp(place: AppPlace): Promise<Result<AppTree>> {
  const { app, head, inventory } = place;
  if (app.mode !== "apply") {
    const title = `${app.name} is in mode ${app.mode}: Lockkeeper does not apply it.`;
    const nothing = { runs: null, signed: null, head: head.sha, gates: [], people: [], next: [] };
    return ok({ satisfied: true, title: inertLine(title), ...nothing });
  }
  const facts = await factsOf(place);
  if (!facts.ok) return facts;
  const runs = inventory?.applied ?? facts.value.deployments.healthy;
  const { gates, next } = gatesOf(place, facts.value, runs);
  const satisfied = gates.every(({ state }) => state !== "waiting");
  const signed = facts.value.standing?.sha ?? null;
  return ok({
    runs,
    signed,
    head: head.sha,
    satisfied,
    title: titleOf(app, runs, gates),
    gates,
    people: [],
    next,
  });
}

async function factsOf(place: AppPlace): Promise<Result<Facts>> {
  const { forge, app, repository, inventory } = place;
  const hash = appHash(repository.id, app.path);
  const deployments = await lastDeployments(forge, app.name, hash);
  if (!deployments.ok) return deployments;
  const from = inventory?.applied ?? deployments.value.healthy;
  const standing = from === null ? ok(null) : await standingFrom(place, hash, from);
  if (!standing.ok) return standing;
  const [ours, drifted, boards] = [
    await forge.issues.ours("lockkeeper"),
    await forge.issues.ours("lockkeeper/drift"),
    await forge.issues.ours(dashboardLabels[1]),
  ];
  if (!ours.ok) return ours;
  if (!drifted.ok) return drifted;
  if (!boards.ok) return boards;
  return ok({
    standing: standing.value,
    deployments: deployments.value,
    pause: pauseAmong(place, boards.value),
    unsigned: issueAbout(ours.value, { marker: "unsigned", app: hash }),
    drift: issueAbout(drifted.value, { marker: "drift", app: hash }),
  });
}

function standingFrom(
  { world, forge, repository, app, head }: AppPlace,
  hash: string,
  from: string,
): Promise<Result<Standing>> {
  const input = { hash, key: { repository }, forge };
  return newestSigned({
    forge,
    threads: world.threads,
    path: app.path,
    from,
    head,
    mayBeLate: () => false,
    accepted: (stop) => acceptedLanding(world, input, stop),
  });
}

function pauseAmong({ world, repository, app, inventory }: AppPlace, boards: readonly Issue[]): Pause | null {
  const seal = (pauses: Parameters<typeof pausesSeal>[1]) => pausesSeal({ world, repository }, pauses);
  const said = boards
    .flatMap(({ body }) => readPausesMarker(body, seal))
    .filter(({ path }) => path === app.path);
  const pause = said.reduce<Pause | undefined>(laterPause, inventory?.pause);
  return pause !== undefined && secondsOf(pause, world.clock.now()) > 0 ? pause : null;
}

interface Waiting {
  readonly gates: readonly Gate[];
  readonly next: readonly string[];
}

/** What each gate waits for, with what somebody can do about it; the first one is what holds it up. */
function gatesOf(place: AppPlace, facts: Facts, runs: string | null): Waiting {
  const { app } = place;
  const { standing, pause, unsigned, drift } = facts;
  const found: { readonly gate: string; readonly needs: string; readonly next: string | null }[] = [];
  const waits = (gate: string, needs: string, next: string | null): void =>
    void found.push({ gate, needs, next });
  if (runs === null) waits("baseline", "nothing of it has been applied yet", baselineStep(place));
  if (pause !== null) waits("pause", `it is ${pauseText(pause)}`, `/lockkeeper unpause ${app.name}`);
  if (standing?.stopped) {
    const short = standing.stopped.sha.slice(0, 7);
    const where =
      unsigned === undefined ? "" : `, or on issue #${unsigned.number} /lockkeeper accept ${short} why`;
    waits(
      "landing",
      `${short}: ${standing.stopped.reason}`,
      `revert ${short} by a pull request that is signed off${where}`,
    );
  }
  if (standing?.waiting)
    waits("landing", `GitHub does not show yet how ${standing.waiting.slice(0, 7)} came`, null);
  const rollout = rolloutGate(place, facts);
  if (rollout !== null)
    waits("rollout", rollout, "see the deployment of that commit, and the comment on its pull request");
  if (drift !== undefined) waits("drift", drift.title, `/lockkeeper heal on issue #${drift.number}`);
  return {
    gates: found.map(({ gate, needs }) => ({
      gate,
      state: "waiting",
      needs: inertLine(needs, 500),
      has: [],
    })),
    next: found.flatMap(({ next }) => (next === null ? [] : [inertLine(next, 500)])),
  };
}

function baselineStep({ world: { targets }, repository, app }: AppPlace): string {
  const target = targets.find((each) => coversApp(each, repository, app));
  if (target === undefined)
    return `name ${fullName(repository)} and ${app.path} in the cluster's targets file`;
  return target.baseline === "head"
    ? "look whether `lockkeeper serve` runs and reaches the cluster"
    : "grant a baseline in the targets file: `baseline: head`";
}

function coversApp(target: Target, repository: RepositoryRef, { path }: App): boolean {
  const named = target.repository.toLowerCase() === fullName(repository).toLowerCase();
  return named && matchesGlob(target.paths, path);
}

/** What the rollout of the newest signed commit lacks; null where there is nothing left of it. */
function rolloutGate({ inventory }: AppPlace, { standing, deployments }: Facts): string | null {
  if (standing === null) return null;
  const { newest } = deployments;
  const failed = Object.entries(inventory?.pending?.results ?? {}).find(
    ([, { action }]) => action === "failed",
  );
  if (failed !== undefined) return `${failed[0]}: ${failed[1].reason ?? "it could not be applied"}`;
  const sha = inventory?.pending?.sha ?? (standing.landings.length > 0 ? standing.sha : null);
  if (sha === null) return null;
  if (newest?.sha !== sha) return `${sha.slice(0, 7)} has not been looked at yet`;
  return `${sha.slice(0, 7)}, ${newest.state}: ${newest.description}`;
}

function titleOf({ name }: App, runs: string | null, [first]: readonly Gate[]): string {
  if (runs === null) return inertLine(`${name} runs nothing that Lockkeeper has applied.`);
  const at = runs.slice(0, 7);
  return first === undefined
    ? inertLine(`${name} is at ${at}, and nothing that came since waits.`)
    : inertLine(`${name} is at ${at}; ${first.gate}: ${first.needs}.`, 300);
}
