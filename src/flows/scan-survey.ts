/** What one commit of the default branch says about images: read once per commit. */

import { appProblems, appsOf, holdsFile } from "../config/apps.ts";
import type { Config, Problem } from "../config/config.ts";
import type { App } from "../model/app.ts";
import type { SkippedPlace } from "../manifests/find-occurrences.ts";
import { type Result, ok } from "../model/failure.ts";
import { parseImageReference } from "../model/image.ts";
import type { RepositoryRef, Snapshot } from "../model/repository.ts";
import type { Occurrence } from "../model/update.ts";
import type { ImagePlace } from "../plan/unit.ts";
import type { Code } from "../ports/forge.ts";
import type { Threads } from "../ports/threads.ts";
import { configOf } from "./check-policy.ts";
import { editedLines, placeText } from "./edited-lines.ts";
import { findImages } from "./find-images.ts";
import type { World } from "./world.ts";

export interface Survey {
  readonly config: Config;
  /** In every mode. */
  readonly apps: readonly App[];
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
  const surveyed = await survey(snapshot.value, world.threads);
  if (!surveyed.ok) return surveyed;
  known.set(repository.id, { sha, surveyed: surveyed.value });
  report(world, repository, sha, surveyed.value);
  return surveyed;
}

async function survey(snapshot: Snapshot, threads: Threads): Promise<Result<Surveyed>> {
  const found = configOf(snapshot);
  if (found === null || "problems" in found) return ok(found);
  const apps = appsOf(found.config, snapshot.files.keys());
  const all: ImagePlace[] = [];
  const untracked: SkippedPlace[] = [];
  const lines = new Map<string, string>();
  const surroundings = { files: snapshot.files, kinds: found.config.shapes };
  const isWanted = (file: string): boolean => innermost(apps, file) !== undefined;
  const read = await findImages({ threads, surroundings, isWanted }, (file, { occurrences, skipped }) => {
    const app = innermost(apps, file);
    const bytes = snapshot.files.get(file) ?? new Uint8Array();
    for (const place of app === undefined ? [] : occurrences.flatMap((found) => placeOf(app, found))) {
      const edited = editedLines(bytes, place.occurrence);
      all.push({ ...place, lines: edited.lines });
      lines.set(placeText(place.occurrence), edited.hash);
    }
    for (const place of skipped) untracked.push(place);
  });
  if (!read.ok) return read;
  const places = all.filter(({ app }) => app.mode !== "observe");
  const observed = all.filter(({ app }) => app.mode === "observe");
  return ok({ config: found.config, apps, places, observed, untracked, lines });
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
