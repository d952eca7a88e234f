/** What one commit of the default branch says about images: read once per commit. */

import { setImmediate } from "node:timers/promises";
import { appProblems, appsOf, holdsFile } from "../../config/apps.ts";
import type { Config, Problem } from "../../config/config.ts";
import { type AppPromotion, promotionsOf } from "../../config/promotions.ts";
import type { App } from "../../model/app.ts";
import type { SkippedPlace } from "../../manifests/find-occurrences.ts";
import { type Result, ok } from "../../model/failure.ts";
import { parseImageReference } from "../../model/image.ts";
import type { RepositoryRef, Snapshot } from "../../model/repository.ts";
import type { Occurrence } from "../../model/update.ts";
import type { ImagePlace } from "../../plan/unit.ts";
import type { Code } from "../../ports/forge.ts";
import type { Threads } from "../../ports/threads.ts";
import { configOf } from "../policy.ts";
import { editedLines, placeText } from "./edited-lines.ts";
import { findImages } from "./find-images.ts";
import type { World } from "../world.ts";

export interface Survey {
  readonly config: Config;
  /** In every mode. */
  readonly apps: readonly App[];
  /** What apps wait for, by their paths; an app that waits for nothing is not in it. */
  readonly promotions: ReadonlyMap<string, AppPromotion>;
  /** Of apps whose mode lets us propose. */
  readonly places: readonly ImagePlace[];
  /** Of apps that are only looked at. */
  readonly observed: readonly ImagePlace[];
  /** What looks like an image in the folder of an app and is not tracked. */
  readonly untracked: readonly SkippedPlace[];
  /** Hash of the lines that each place stands on, by `placeText`. */
  readonly lines: ReadonlyMap<string, string>;
}

/** A commit without a configuration, or with one that is not understood, has no survey. */
export type Surveyed = Survey | { readonly problems: readonly Problem[] } | null;

/** The newest survey of each repository: a memory, so that an idle scan reads no file. */
const memory = new WeakMap<World, Map<number, { readonly sha: string; readonly surveyed: Surveyed }>>();

/** The survey of a commit; its files are only read when it is not the one that was surveyed last. */
export async function surveyCommit(
  world: World,
  repository: RepositoryRef,
  code: Code,
  sha: string,
): Promise<Result<Surveyed>> {
  const known = memory.get(world) ?? new Map();
  memory.set(world, known);
  const last = known.get(repository.id);
  if (last?.sha === sha) return ok(last.surveyed);
  const snapshot = await code.snapshot(sha);
  if (!snapshot.ok) return snapshot;
  const read = await survey(snapshot.value, world.threads);
  if (!read.ok) return read;
  const { surveyed, cutOff } = read.value;
  if (cutOff.length === 0) known.set(repository.id, { sha, surveyed });
  else world.log.warn({ repository: repository.id, sha, files: cutOff }, "reading took too long");
  report(world, repository, sha, surveyed);
  return ok(surveyed);
}

/** Files that were cut off may be read the next time, when the machine has less to do. */
interface Reading {
  readonly surveyed: Surveyed;
  readonly cutOff: readonly string[];
}

async function survey(snapshot: Snapshot, threads: Threads): Promise<Result<Reading>> {
  const found = await configOf(threads, snapshot);
  if (found === null || "problems" in found) return ok({ surveyed: found, cutOff: [] });
  const apps = appsOf(found.config, snapshot.files.keys());
  const standing: ImagePlace[] = [];
  const untracked: SkippedPlace[] = [];
  const surroundings = { files: snapshot.files, kinds: found.config.shapes };
  const isWanted = (file: string): boolean => innermost(apps, file) !== undefined;
  const read = await findImages({ threads, surroundings, isWanted }, (file, { occurrences, skipped }) => {
    const app = innermost(apps, file);
    if (app !== undefined) for (const one of occurrences) standing.push(...placeOf(app, one));
    for (const place of skipped) untracked.push(place);
  });
  if (!read.ok) return read;
  const { all, lines } = await withLines(standing, snapshot);
  const places = all.filter(({ app }) => app.mode !== "observe");
  const observed = all.filter(({ app }) => app.mode === "observe");
  const promotions = promotionsOf(found.config, snapshot.files.keys());
  const surveyed = { config: found.config, apps, promotions, places, observed, untracked, lines };
  return ok({ surveyed, cutOff: read.value });
}

/** A line may be as long as its file, and many images may stand in it: so few places are looked at in one go. */
const placesInOneGo = 50;

async function withLines(
  standing: readonly ImagePlace[],
  { files }: Snapshot,
): Promise<{ readonly all: readonly ImagePlace[]; readonly lines: Survey["lines"] }> {
  const all: ImagePlace[] = [];
  const lines = new Map<string, string>();
  for (const [index, place] of standing.entries()) {
    if (index % placesInOneGo === placesInOneGo - 1) await setImmediate();
    const { occurrence } = place;
    const edited = editedLines(files.get(occurrence.file) ?? new Uint8Array(), occurrence);
    all.push({ ...place, lines: edited.lines });
    lines.set(placeText(occurrence), edited.hash);
  }
  return { all, lines };
}

function innermost(apps: readonly App[], file: string): App | undefined {
  const holding = apps.filter((app) => holdsFile(app, file));
  return holding.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function placeOf(app: App, occurrence: Occurrence): readonly ImagePlace[] {
  const image = parseImageReference(occurrence.image);
  if (!image.ok) return [];
  const { tag, digest } = occurrence;
  return [{ occurrence, app, image: { ...image.value, tag: tag ?? undefined, digest: digest ?? undefined } }];
}

function report(world: World, repository: RepositoryRef, sha: string, surveyed: Surveyed): void {
  const about = { repository: repository.id, sha };
  if (surveyed === null) return;
  if ("problems" in surveyed) {
    world.log.warn({ ...about, problems: surveyed.problems.length }, "the configuration is not understood");
    return;
  }
  const { config, apps, places } = surveyed;
  const problems = appProblems(apps);
  if (problems.length > 0) world.log.warn({ ...about, problems }, "apps overlap");
  world.log.info({ ...about, places: places.length, entries: config.apps.length }, "surveyed");
}
