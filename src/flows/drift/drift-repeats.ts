/** Remembers for an hour what comes and goes, so that an issue does not open, close and comment without end. */

import type { Finding } from "../../rollout/drift-findings.ts";
import { findingText } from "../../rollout/drift-words.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { calmsInMs, isTooOften, withTime } from "../../rollout/repeats.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { deployKey } from "../deploy/live.ts";

export function noteComing({ memory, clock }: DeployWorld, app: string, came: readonly Finding[]): void {
  const now = clock.now().getTime();
  for (const finding of came) {
    const place = `${app} ${finding.key}`;
    const times = withTime(memory.came.get(place)?.times, now);
    memory.came.set(place, { times, text: findingText(finding) });
  }
}

export interface Flapping {
  readonly keys: readonly string[];
  /** In the same order, in words. */
  readonly texts: readonly string[];
  /** Milliseconds until the first of them counts as calm; 0 where there is none. */
  readonly calmsInMs: number;
}

/** Findings that came three times or more within the last hour. Forgets what has been calm for so long. */
export function flappingOf({ memory, clock }: DeployWorld, app: string): Flapping {
  const now = clock.now().getTime();
  const keys: string[] = [];
  const texts: string[] = [];
  const waits: number[] = [];
  for (const [place, { times, text }] of memory.came) {
    const [of, key = ""] = place.split(" ");
    if (of !== app) continue;
    const last = times.at(-1) ?? 0;
    if (now - last >= 3_600_000) memory.came.delete(place);
    else if (isTooOften(times, now)) {
      keys.push(key);
      texts.push(text);
      waits.push(calmsInMs(times, now));
    }
  }
  return { keys, texts, calmsInMs: waits.length === 0 ? 0 : Math.max(1, Math.min(...waits)) };
}

/** Changes of values alone are written that often in an hour; more of them wait. */
const mostRewrites = 20;
const waitSeconds = 300;

/** Whether the text waits, because it was changed so often that somebody would be flooded; `count` notes one change. */
export function rewriteWaits(world: DeployWorld, inventory: Inventory, count?: "count"): boolean {
  const now = world.clock.now().getTime();
  const times = (world.memory.rewritten.get(inventory.app) ?? []).filter((time) => now - time < 3_600_000);
  if (count === "count") world.memory.rewritten.set(inventory.app, [...times, now]);
  else if (times.length >= mostRewrites) world.queue.add(deployKey(inventory), waitSeconds);
  return times.length >= mostRewrites;
}
