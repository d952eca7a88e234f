/** The dashboard issue of a repository: found once and then remembered, opened once, written only when it says something else. */

import { tickedBoxes, untick } from "../commands/box.ts";
import { type Result, ok } from "../model/failure.ts";
import {
  type DashboardText,
  dashboardBody,
  dashboardLabels,
  dashboardTitle,
  withoutMarkers,
} from "../plan/dashboard.ts";
import { type Sighting, makeSeenMarker } from "../plan/first-seen.ts";
import type { Issue } from "../ports/forge.ts";
import { type DashboardHost, type Desk, inTurn, look, recall } from "./dashboard-memory.ts";

/** The ledger of first sight as we wrote it; empty where there is none, or where somebody else has edited the issue since. */
export async function knownSightings(host: DashboardHost): Promise<Result<readonly Sighting[]>> {
  const known = await inTurn(host, (desk) => recall(desk, host));
  return forgiving(host, known.ok ? ok(known.value?.sightings ?? []) : known, []);
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
  const sightings = wanted.sightings ?? known.value?.sightings ?? [];
  if (known.value === null) return open(desk, host, { text, sightings });
  const { number, hash, closed } = known.value;
  const remembered = makeSeenMarker(sightings) === makeSeenMarker(known.value.sightings);
  if (remembered && (closed || hash === text.hash)) return ok(undefined);
  const issue = await look(desk, host, number);
  if (!issue.ok) return issue;
  if (issue.value === null) return open(desk, host, { text, sightings });
  if (tickedBoxes(issue.value.body).length > 0) {
    host.world.queue.add({ flow: "dashboard", repository: host.repository });
    return ok(undefined);
  }
  if (remembered && issue.value.state === "closed") return ok(undefined);
  return write(desk, host, { text, sightings });
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
    return write(desk, host, { text, sightings: known.value.sightings });
  });
}

interface Content {
  readonly text: DashboardText;
  readonly sightings: readonly Sighting[];
}

async function open(desk: Desk, { forge }: DashboardHost, content: Content): Promise<Result<void>> {
  const body = dashboardBody(content.text, content.sightings);
  const created = await forge.issues.create({ title: dashboardTitle, body, labels: dashboardLabels });
  return remember(desk, content, created);
}

async function write(desk: Desk, { forge }: DashboardHost, content: Content): Promise<Result<void>> {
  if (desk.known === null) return ok(undefined);
  const body = dashboardBody(content.text, content.sightings);
  return remember(desk, content, await forge.issues.update(desk.known.number, { body }));
}

/** After a failure nothing is known: the write may have happened. */
function remember(desk: Desk, { text, sightings }: Content, written: Result<Issue>): Result<void> {
  if (!written.ok) {
    desk.known = null;
    return written;
  }
  const { number, state } = written.value;
  desk.known = { number, hash: text.hash, sightings, closed: state === "closed" };
  return ok(undefined);
}
