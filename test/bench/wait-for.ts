/** Waiting for the world to become as it should. */

import { setTimeout as pause } from "node:timers/promises";

/** Asks every 5 ms until there is an answer; throws after a minute, or as long as told, saying for what it waited. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { everyMs = 5, seconds = 60 } = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${seconds} seconds for ${what}`);
    await pause(everyMs);
  }
}
