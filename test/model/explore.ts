/** Runs random lives of repositories, shrinks the one that breaks a promise, and tells of it in words. */

import { type AsyncCommand, type RunDetails, asyncModelRun, asyncProperty, check, nat } from "fast-check";
import { layouts } from "./manifest.ts";
import { type Run, beginRun, endRun } from "./run.ts";
import { openStage } from "./stage.ts";
import { Broken, settled, steps } from "./step.ts";

export interface Search {
  readonly seed: number;
  readonly runs: number;
  /** The run to begin with, as a failure tells it. */
  readonly path?: string;
  /** No run is begun after so long; default: all are made. */
  readonly milliseconds?: number;
  /** Told of each run that is done. */
  readonly done?: (runs: number) => void;
}

export interface Findings {
  readonly runs: number;
  /** What a person wants to read of the run that broke; null when none did. */
  readonly story: string | null;
  readonly faults: Readonly<Record<"conflict" | "doubled" | "resurrected" | "other", number>>;
}

export async function explore(search: Search): Promise<Findings> {
  const { seed, runs, path, milliseconds, done } = search;
  const stage = await openStage();
  const until = performance.now() + (milliseconds ?? Infinity);
  let count = 0;
  let story = "";
  const life = asyncProperty(nat(layouts.length - 1), steps, async (layout, commands) => {
    // A run that has begun is brought to its end, and a story that breaks is made smaller however long that takes.
    const isNew = story === "";
    if (isNew && performance.now() > until) return;
    const run = await beginRun(stage, layout);
    try {
      await settled(run);
      await asyncModelRun(() => ({ model: {}, real: run }), commands);
    } catch (error) {
      story = run.story.map((told) => `  - ${told.join("; ")}`).join("\n");
      throw error;
    } finally {
      if (isNew) count += 1;
      if (isNew) done?.(count);
      await endRun(run);
    }
  });
  try {
    return { ...tell(await check(life, { seed, path, numRuns: runs }), story), runs: count };
  } finally {
    await stage.stop();
  }
}

/** `told`: what happened in the last run that broke, which is the smallest. */
function tell(
  details: RunDetails<[number, Iterable<AsyncCommand<object, Run>>]>,
  told: string,
): Omit<Findings, "runs"> {
  const { failed, counterexample, errorInstance, seed, counterexamplePath, numShrinks } = details;
  const faults = { conflict: 0, doubled: 0, resurrected: 0, other: 0 };
  if (!failed || counterexample === null) return { story: null, faults };
  const broken = errorInstance instanceof Broken ? errorInstance.violations : [];
  for (const { fault } of broken) faults[fault in faults ? (fault as keyof typeof faults) : "other"] += 1;
  if (broken.length === 0) faults.other += 1;
  const first = counterexamplePath?.split(":")[0] ?? "0";
  const what = broken.map((violation) => `  ${violation.fault}: ${violation.what}`).join("\n");
  const why = broken.length === 0 ? `  ${String((errorInstance as Error | null)?.stack)}` : what;
  const [layout] = counterexample;
  const story = [
    `seed ${seed}, run ${first}, made smaller ${numShrinks} times; again: --only model --seed ${seed} --path ${first}`,
    `a repository of layout ${layout}, in which`,
    told,
    `ends with`,
    why,
  ];
  return { story: story.join("\n"), faults };
}
