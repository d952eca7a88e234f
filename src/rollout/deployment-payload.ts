/** What a GitHub deployment keeps for good: which changes it carries, and who signed each off. Checks expire; this stays. */

import type { LandingRecord, Pending } from "./inventory.ts";

/** Of the whole payload, as JSON. GitHub documents no limit. */
const limit = 16_000;

/**
 * The newest landings with their decisions; where they do not fit, older ones without, and the oldest not at all. `cut` counts
 * what was left out.
 */
export function deploymentPayload(
  app: string,
  pending: Pending,
  baseline: string | null = null,
): Readonly<Record<string, unknown>> {
  const about = baseline === null ? { app } : { app, baseline };
  const pulls = pending.pulls.map(({ number }) => number).slice(-500);
  const landings = pending.landings ?? [];
  const sizes = [landings.length, 10, 3, 1].filter((size) => size <= landings.length);
  for (const decided of [...sizes, 0]) {
    const payload = {
      ...about,
      pulls,
      landings: landings.map((one, at) => brief(one, at >= landings.length - decided)),
    };
    if (JSON.stringify(payload).length <= limit) return payload;
  }
  const newest = landings.slice(-20).map((one) => brief(one, false));
  return { ...about, pulls, landings: newest, cut: landings.length - newest.length };
}

function brief(
  { decision, verdict, ...rest }: LandingRecord,
  whole: boolean,
): Readonly<Record<string, unknown>> {
  return { ...rest, verdict: verdict.slice(0, 300), ...(whole && decision !== null && { decision }) };
}
