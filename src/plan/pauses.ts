/** The pauses of a repository's apps, as they are kept in its dashboard. */

import { z } from "zod";
import type { Pause } from "../rollout/pause.ts";
import { makeMarker, readMarker } from "../text/marker.ts";

const kind = "pauses";

const appPause = z.strictObject({
  /** Folder and name of the app. */
  path: z.string(),
  name: z.string(),
  at: z.iso.datetime(),
  until: z.iso.datetime(),
  by: z.string(),
  why: z.string(),
});
const marker = z.strictObject({ pauses: z.array(appPause), seal: z.string() });

export interface AppPause extends Pause {
  readonly path: string;
  readonly name: string;
}

/** So long it is remembered that one has ended, for a cluster that has not been told yet. */
const keptMs = 7 * 86_400_000;

/** The issue has room for so many; those that were said first are left to the records of the cluster. */
const mostPauses = 20;

/** With one more, of each app only what was said last. */
export function withPause(pauses: readonly AppPause[], pause: AppPause, now: Date): readonly AppPause[] {
  const others = pauses
    .filter(({ path, until }) => path !== pause.path && Date.parse(until) > now.getTime() - keptMs)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return [...others.slice(0, mostPauses - 1), pause].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is sealed: people may edit the text, and only what we have written counts. */
export function pausesSealText(repository: number, pauses: readonly AppPause[]): string {
  return JSON.stringify([
    kind,
    repository,
    pauses.map(({ path, name, at, until, by, why }) => [path, name, at, until, by, why]),
  ]);
}

export function makePausesMarker(pauses: readonly AppPause[], seal: string): string {
  return makeMarker(kind, { pauses, seal });
}

/** None where there is no marker, or one that is not sealed by us. */
export function readPausesMarker(
  body: string,
  sealOf: (pauses: readonly AppPause[]) => string,
): readonly AppPause[] {
  const parsed = marker.safeParse(readMarker(body, kind));
  if (!parsed.success) return [];
  const { pauses, seal } = parsed.data;
  return sealOf(pauses) === seal ? pauses : [];
}
