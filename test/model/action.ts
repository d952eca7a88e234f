/** What an action is, and what several of them need. */

import { type Run, baseTip } from "./run.ts";
import { commitTo } from "./people.ts";

/** Numbers that choose among what is there: a file, a place, a pull request. */
export type Picks = readonly [first: number, second: number, third: number];

/** Answers what was done in words, or null where it could not be. */
export type Action = (run: Run, picks: Picks) => Promise<string | null>;

/** One of the items; undefined where there is none. */
export function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[at % Math.max(1, items.length)];
}

/** Manifests on the default branch, in order of path. */
export async function manifests(run: Run): Promise<readonly (readonly [string, string])[]> {
  const files = await run.git.files(await baseTip(run));
  return [...files].filter(([file]) => file.startsWith("apps/")).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Puts a file onto the default branch. */
export async function editBase(run: Run, file: string, text: string): Promise<void> {
  await commitTo(run, run.plot.record.defaultBranch, new Map([[file, text]]));
}

/** A file of the default branch; empty where there is none. */
export async function textOf(run: Run, file: string): Promise<string> {
  return (await run.git.files(await baseTip(run))).get(file) ?? "";
}
