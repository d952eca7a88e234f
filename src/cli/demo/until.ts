/** Waiting for the world to become as it should: asks again until it is, or says what was missing. */

import { setTimeout as sleep } from "node:timers/promises";

/** Thrown when a step was not observed in time; the message is what was still missing. */
export class NotObserved extends Error {}

const interval = 100;

/**
 * Asks `probe` until it answers a value. A string answer is what is still missing; it becomes the message of
 * `NotObserved` after `seconds`.
 */
export async function until<T extends object>(probe: () => Promise<T | string>, seconds = 45): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (typeof answer !== "string") return answer;
    if (performance.now() > deadline) throw new NotObserved(`not seen within ${seconds} s: ${answer}`);
    await sleep(interval);
  }
}
