/** The dashboard issue of a repository: found once and then remembered, opened once, written only when it says something else. */

import { tickedBoxes, untick } from "../../commands/box.ts";
import { type Result, ok } from "../../model/failure.ts";
import {
  type DashboardText,
  dashboardBody,
  dashboardLabels,
  dashboardTitle,
  withoutMarkers,
} from "../../plan/dashboard.ts";
import { type Sighting, makeSeenMarker } from "../../plan/first-seen.ts";
import { type AppPause, makePausesMarker, withPause } from "../../plan/pauses.ts";
import { secondsOf } from "../../rollout/pause.ts";
import type { Issue } from "../../ports/forge.ts";
import { type DashboardHost, type Desk, inTurn, look, pausesSeal, recall } from "./dashboard-memory.ts";

/** The ledger of first sight as we wrote it; empty where there is none, or where somebody else has edited the issue since. */
export async function knownSightings(host: DashboardHost): Promise<Result<readonly Sighting[]>> {
  const known = await inTurn(host, (desk) => recall(desk, host));
  return forgiving(host, known.ok ? ok(known.value?.sightings ?? []) : known, []);
}

/** What was said last of each app that people have paused, also where that is over. */
export async function knownPauses(host: DashboardHost): Promise<Result<readonly AppPause[]>> {
  const known = await inTurn(host, async (desk) =>
    desk.known === null && desk.absent ? ok(null) : recall(desk, host),
  );
  return forgiving(host, known.ok ? ok(known.value?.pauses ?? []) : known, []);
}

/** Those that are not over. */
export async function pausedNow(host: DashboardHost): Promise<Result<readonly AppPause[]>> {
  const known = await knownPauses(host);
  if (!known.ok) return known;
  const now = host.world.clock.now();
  return ok(known.value.filter((pause) => secondsOf(pause, now) > 0));
}

/** Writes a pause down beside whatever the issue says; the next scan says it in words. */
export function recordPause(host: DashboardHost, pause: AppPause): Promise<Result<void>> {
  return inTurn(host, async (desk) => {
    const known = await recall(desk, host);
    if (!known.ok) return known;
    const issue = known.value === null ? ok(null) : await look(desk, host, known.value.number);
    if (!issue.ok) return issue;
    const { sightings = [], pauses = [] } = known.value ?? {};
    const blocks = issue.value === null ? [] : [withoutMarkers(issue.value.body)];
    const content = {
      text: { blocks, hash: "edited" },
      sightings,
      pauses: withPause(pauses, pause, host.world.clock.now()),
    };
    return issue.value === null ? open(desk, host, content) : write(desk, host, content);
  });
}

/**
 * Makes the issue say this. A closed one is only written when the ledger changes; one with ticked boxes is left to the flow
 * that does what they say. `sightings` null: those that are known. A repository that takes no issues goes without.
 */
export async function keepDashboard(
  host: DashboardHost,
  text: DashboardText,
  sightings: readonly Sighting[] | null,
): Promise<Result<void>> {
  const kept = await inTurn(host, (desk) => keep(desk, host, { text, sightings }));
  return forgiving(host, kept, undefined);
}

/** A repository may have its issues switched off. */
function forgiving<T>({ world, repository }: DashboardHost, result: Result<T>, instead: T): Result<T> {
  if (result.ok || !["unsupported", "forbidden"].includes(result.failure.code)) return result;
  world.log.warn({ repository: repository.id }, `no dashboard: ${result.failure.message}`);
  return ok(instead);
}

async function keep(
  desk: Desk,
  host: DashboardHost,
  wanted: { readonly text: DashboardText; readonly sightings: readonly Sighting[] | null },
): Promise<Result<void>> {
  const known = await recall(desk, host);
  if (!known.ok) return known;
  const { text } = wanted;
  if (known.value === null) return open(desk, host, { text, sightings: wanted.sightings ?? [], pauses: [] });
  const { number, hash, closed, pauses } = known.value;
  const sightings = wanted.sightings ?? known.value.sightings;
  const remembered = makeSeenMarker(sightings) === makeSeenMarker(known.value.sightings);
  if (remembered && (closed || hash === text.hash)) return ok(undefined);
  const issue = await look(desk, host, number);
  if (!issue.ok) return issue;
  if (issue.value === null) return open(desk, host, { text, sightings, pauses });
  if (tickedBoxes(issue.value.body).length > 0) {
    host.world.queue.add({ flow: "dashboard", repository: host.repository });
    return ok(undefined);
  }
  if (remembered && issue.value.state === "closed") return ok(undefined);
  return write(desk, host, { text, sightings, pauses });
}

/**
 * The issue as it is now, null where there is none. One that was opened again is brought up to date by a scan, as is one that
 * is gone.
 */
export async function lookAtDashboard(host: DashboardHost): Promise<Result<Issue | null>> {
  const seen = await inTurn(host, async (desk) => {
    const known = await recall(desk, host);
    if (!known.ok || known.value === null) return known.ok ? ok(null) : known;
    const issue = await look(desk, host, known.value.number);
    if (!issue.ok) return issue;
    const reopened = known.value.closed && issue.value?.state === "open";
    if (issue.value === null || reopened) {
      host.world.queue.add({ flow: "scan", repository: host.repository });
    }
    const labelled = await keepLabel(host, issue.value);
    return labelled.ok ? issue : labelled;
  });
  return forgiving(host, seen, null);
}

/** Without its label the issue could not be found again. */
async function keepLabel({ forge }: DashboardHost, issue: Issue | null): Promise<Result<void>> {
  const [, label] = dashboardLabels;
  if (issue === null || issue.labels.includes(label)) return ok(undefined);
  return forge.issues.addLabels(issue.number, [label]);
}

/** Clears the boxes of what has been done. Whatever else was edited is written anew by the next scan. */
export function untickDashboard(
  host: DashboardHost,
  orders: Parameters<typeof untick>[1],
): Promise<Result<void>> {
  return inTurn(host, async (desk) => {
    const known = await recall(desk, host);
    if (!known.ok || known.value === null) return known.ok ? ok(undefined) : known;
    const issue = await look(desk, host, known.value.number);
    if (!issue.ok || issue.value === null) return issue.ok ? ok(undefined) : issue;
    const text = { blocks: [untick(withoutMarkers(issue.value.body), orders)], hash: "edited" };
    return write(desk, host, { ...known.value, text });
  });
}

interface Content {
  readonly text: DashboardText;
  readonly sightings: readonly Sighting[];
  readonly pauses: readonly AppPause[];
}

function bodyOf(host: DashboardHost, { text, sightings, pauses }: Content): string {
  const markers = pauses.length === 0 ? [] : [makePausesMarker(pauses, pausesSeal(host, pauses))];
  return dashboardBody(text, sightings, markers);
}

async function open(desk: Desk, host: DashboardHost, content: Content): Promise<Result<void>> {
  const body = bodyOf(host, content);
  const created = await host.forge.issues.create({ title: dashboardTitle, body, labels: dashboardLabels });
  return remember(desk, content, created);
}

async function write(desk: Desk, host: DashboardHost, content: Content): Promise<Result<void>> {
  if (desk.known === null) return ok(undefined);
  const body = bodyOf(host, content);
  return remember(desk, content, await host.forge.issues.update(desk.known.number, { body }));
}

/** After a failure nothing is known: the write may have happened. */
function remember(desk: Desk, { text, sightings, pauses }: Content, written: Result<Issue>): Result<void> {
  if (!written.ok) {
    desk.known = null;
    return written;
  }
  const { number, state } = written.value;
  desk.known = { number, hash: text.hash, sightings, pauses, closed: state === "closed" };
  return ok(undefined);
}
