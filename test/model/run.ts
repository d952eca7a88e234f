/** One run: a repository with its history, a registry, the product as a process, and what has to be remembered of them. */

import type { PullRequest } from "../../src/sandbox/github/pull-state.ts";
import { Bot } from "./bot.ts";
import { GitFacts } from "./git-facts.ts";
import { type Place, type Version, filesOf, layouts, placesIn, withVersions } from "./manifest.ts";
import { Shelf } from "./shelf.ts";
import type { Plot, Stage } from "./stage.ts";

/** What a pull request moves a place to. */
export interface Proposal extends Version {
  readonly file: string;
  readonly path: string;
  readonly image: string;
}

export interface Run {
  readonly plot: Plot;
  readonly git: GitFacts;
  readonly bot: Bot;
  readonly shelf: Shelf;
  /** Tips that people put onto branches of ours, by the number of the pull request. */
  readonly foreign: Map<number, string>;
  /** What each pull request proposed when everything was last settled. */
  readonly settled: Map<number, readonly Proposal[]>;
  /** Pull requests of which nobody can say what people said no to. */
  readonly unclear: Set<number>;
  /** Pull requests that a person wants built anew, until that is done. */
  readonly rebuilding: Set<number>;
  /** Pull requests that somebody commented "hold" or "resume" on since they were opened. */
  readonly held: Set<number>;
  readonly resumed: Set<number>;
  /** Names that a file had before, by its name now. */
  readonly formerly: Map<string, readonly string[]>;
  /** What happened so far, step by step. */
  readonly story: string[][];
  /** Counts whatever has to have another name each time. */
  count: number;
}

export async function beginRun(stage: Stage, layout: number): Promise<Run> {
  const shelf = await Shelf.open(stage.registry);
  const chosen = layouts[layout % layouts.length] ?? {};
  const plot = await stage.open(filesOf(chosen, (image) => shelf.latest(image)));
  return {
    plot,
    git: new GitFacts(plot.git),
    bot: new Bot(plot),
    shelf,
    foreign: new Map(),
    settled: new Map(),
    unclear: new Set(),
    rebuilding: new Set(),
    held: new Set(),
    resumed: new Set(),
    formerly: new Map(),
    story: [],
    count: 0,
  };
}

export async function endRun({ plot, shelf }: Run): Promise<void> {
  shelf.close();
  await plot.close();
}

/** Pull requests that the product opened, oldest first. */
export function ourPulls({ plot }: Run, state?: "open" | "closed"): readonly PullRequest[] {
  return [...plot.record.pulls.values()].filter(
    ({ issue }) => issue.user.login.endsWith("[bot]") && (state === undefined || issue.state === state),
  );
}

export async function baseTip({ plot, git }: Run): Promise<string> {
  return (await git.tip(plot.record.defaultBranch)) ?? "";
}

export async function placesOnBase(run: Run): Promise<readonly Place[]> {
  return placesIn(await run.git.files(await baseTip(run)));
}

/** The newest commit by the product at the head of a pull request, below what people may have put on top. */
export async function ourCommit({ git }: Run, pull: PullRequest): Promise<string | undefined> {
  let at: string | undefined = pull.headSha;
  for (let steps = 0; at !== undefined && steps < 10; steps += 1) {
    if ((await git.authorOf(at)).includes("[bot]")) return at;
    [at] = await git.parentsOf(at);
  }
  return undefined;
}

/** What the product's own commit of a pull request changes; null where it changes anything but versions. */
export async function proposalsOf(run: Run, pull: PullRequest): Promise<readonly Proposal[] | null> {
  const commit = await ourCommit(run, pull);
  if (commit === undefined) return [];
  const [parent = ""] = await run.git.parentsOf(commit);
  const [before, after] = [await run.git.files(parent), await run.git.files(commit)];
  if (before.size !== after.size) return null;
  const found: Proposal[] = [];
  for (const [file, text] of before) {
    const next = after.get(file);
    if (next === text) continue;
    const [old, now] = [placesIn(new Map([[file, text]])), placesIn(new Map([[file, next ?? ""]]))];
    const moved = old.flatMap((place, index) => {
      const { tag, digest } = now[index] ?? place;
      return tag === place.tag && digest === place.digest ? [] : [[place, { tag, digest }] as const];
    });
    if (next !== withVersions(text, moved)) return null;
    found.push(...moved.map(([{ path, image }, to]) => ({ file, path, image, ...to })));
  }
  return found;
}
