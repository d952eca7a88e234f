/** What a process remembers of the dashboard of each repository, and how it finds one that it does not remember. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { dashboardHash, dashboardLabels } from "../../plan/dashboard.ts";
import { type Sighting, readSeenMarker } from "../../plan/first-seen.ts";
import { type AppPause, pausesSealText, readPausesMarker } from "../../plan/pauses.ts";
import type { Issue, RepositoryForge } from "../../ports/forge.ts";
import type { World } from "../world.ts";

/** Where a dashboard is kept. */
export interface DashboardHost {
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
}

interface KnownDashboard {
  readonly number: number;
  /** Of the text that it holds. */
  readonly hash: string;
  /** Our own words, of which nobody else has changed any since. */
  readonly sightings: readonly Sighting[];
  readonly pauses: readonly AppPause[];
  readonly closed: boolean;
}

/** What is remembered of one repository; writers of one process take turns, so that no two of them open it. */
export interface Desk {
  known: KnownDashboard | null;
  /** There was none when it was looked for. Who needs to know better looks again. */
  absent: boolean;
  turn: Promise<unknown>;
}

const desks = new WeakMap<World, Map<number, Desk>>();

export function inTurn<T>(
  { world, repository }: DashboardHost,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const all = desks.get(world) ?? new Map<number, Desk>();
  desks.set(world, all);
  const desk = all.get(repository.id) ?? { known: null, absent: false, turn: Promise.resolve() };
  all.set(repository.id, desk);
  const done = desk.turn.then(() => work(desk));
  desk.turn = done.catch(() => {});
  return done;
}

/** Asks GitHub only where nothing is remembered. */
export async function recall(desk: Desk, host: DashboardHost): Promise<Result<KnownDashboard | null>> {
  const { forge } = host;
  if (desk.known !== null) return ok(desk.known);
  const listed = await forge.issues.ours(dashboardLabels[1]);
  if (!listed.ok) return listed;
  const oldestFirst = listed.value.toSorted((a, b) => a.number - b.number);
  const marked = oldestFirst.filter(({ body }) => dashboardHash(body) !== undefined);
  const issue = marked[0] ?? oldestFirst[0];
  desk.absent = issue === undefined;
  if (issue === undefined) return ok(null);
  for (const double of marked.slice(1)) {
    const body = `There are two dashboards, as GitHub did not tell of the first one in time. It is #${issue.number}.`;
    const closed = await forge.issues.update(double.number, { state: "closed", body });
    if (!closed.ok) return closed;
  }
  const sightings = await trusted(forge, issue);
  if (!sightings.ok) return sightings;
  const closed = issue.state === "closed";
  desk.known = {
    number: issue.number,
    hash: dashboardHash(issue.body) ?? "",
    sightings: sightings.value,
    pauses: readPausesMarker(issue.body, (pauses) => pausesSeal(host, pauses)),
    closed,
  };
  return ok(desk.known);
}

export function pausesSeal(
  { world, repository }: { readonly world: Pick<World, "forge">; readonly repository: RepositoryRef },
  pauses: readonly AppPause[],
): string {
  return world.forge.seal(pausesSealText(repository.id, pauses));
}

/** Only what our App wrote is read back as ours: whoever edits the text could shorten a wait. */
async function trusted(
  { issues }: RepositoryForge,
  { number, body }: Issue,
): Promise<Result<readonly Sighting[]>> {
  const sightings = readSeenMarker(body);
  if (sightings.length === 0) return ok(sightings);
  const editors = await issues.editorsSinceOurs(number);
  return editors.ok ? ok(editors.value.length === 0 ? sightings : []) : editors;
}

/** Null where it is gone. */
export async function look(
  desk: Desk,
  { forge }: DashboardHost,
  number: number,
): Promise<Result<Issue | null>> {
  const issue = await forge.issues.get(number);
  if (issue.ok) {
    if (desk.known !== null) desk.known = { ...desk.known, closed: issue.value.state === "closed" };
    return issue;
  }
  if (!isGone(issue.failure)) return issue;
  desk.known = null;
  return ok(null);
}

/** Deleted, or moved to another repository. */
function isGone({ code }: Failure): boolean {
  return code === "not-found" || code === "unsupported" || code === "rejected";
}
