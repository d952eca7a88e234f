/** How long a key waits before it is tried again. */

import type { Failure } from "../model/failure.ts";

const baseSeconds = 1;
const maximumSeconds = 300;
/** Half an hour of trying. Giving up is harmless: the next event or resync puts the key on the queue again. */
export const maximumAttempts = 12;

/**
 * Seconds to wait after the `attempt`th failure in a row (1-based): doubling from 1 s to 5 min, of which `random` (0 to 1)
 * takes away up to half so that keys that failed together do not return together. A rate limit waits at least as long as
 * the other side said.
 */
export function backOffSeconds(attempt: number, failure: Failure | null, random: number): number {
  const exponential = Math.min(maximumSeconds, baseSeconds * 2 ** (attempt - 1));
  const jittered = exponential * (1 - random / 2);
  if (failure?.code !== "rate-limited") return jittered;
  return (failure.retryAfterSeconds ?? 60) + jittered;
}
