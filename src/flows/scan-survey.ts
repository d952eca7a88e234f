/** What one commit of the default branch says about images: read once per commit. */

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { appProblems, appsOf, holdsFile } from "../config/apps.ts";
import type { Config, Problem } from "../config/config.ts";
import { findAll } from "../manifests/find-all.ts";
import type { App } from "../model/app.ts";
import { type Result, ok } from "../model/failure.ts";
import { parseImageReference } from "../model/image.ts";
import type { RepositoryRef, Snapshot } from "../model/repository.ts";
import type { Occurrence } from "../model/update.ts";
import type { ImagePlace } from "../plan/unit.ts";
import type { Code } from "../ports/forge.ts";
import { configOf } from "./check-policy.ts";
import type { World } from "./world.ts";

/** `places` are those of apps whose mode lets us propose. */
export interface Survey {
  readonly config: Config;
  readonly places: readonly ImagePlace[];
  /** Of each file in which a place stands, by path. */
  readonly hashes: ReadonlyMap<string, string>;
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
  const surveyed = await survey(snapshot.value);
  known.set(repository.id, { sha, surveyed });
  report(world, repository, sha, surveyed);
  return ok(surveyed);
}

/** Bytes of manifests that are read in one go: other work of the process waits that long. */
const inOneGo = 128 * 1024;

async function survey(snapshot: Snapshot): Promise<Surveyed> {
  const found = configOf(snapshot);
  if (found === null || "problems" in found) return found;
  const apps = appsOf(found.config, snapshot.files.keys()).filter((app) => app.mode !== "observe");
  const places: ImagePlace[] = [];
  const hashes = new Map<string, string>();
  const surroundings = { files: snapshot.files, kinds: found.config.shapes };
  let sincePause = 0;
  const isInApp = (file: string): boolean => innermost(apps, file) !== undefined;
  for (const { file, bytes, occurrences } of findAll(surroundings, isInApp)) {
    const app = innermost(apps, file);
    const own = app === undefined ? [] : occurrences.flatMap((occurrence) => placeOf(app, occurrence));
    places.push(...own);
    if (own.length > 0) hashes.set(file, fileHash(bytes));
    sincePause += bytes.length;
    if (sincePause < inOneGo) continue;
    sincePause = 0;
    await setImmediate();
  }
  return { config: found.config, places, hashes };
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

function fileHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

function report(world: World, repository: RepositoryRef, sha: string, surveyed: Surveyed): void {
  const about = { repository: repository.id, sha };
  if (surveyed === null) return;
  if ("problems" in surveyed) {
    world.log.warn({ ...about, problems: surveyed.problems.length }, "the configuration is not understood");
    return;
  }
  const { config, places } = surveyed;
  const problems = appProblems([...new Set(places.map(({ app }) => app))]);
  if (problems.length > 0) world.log.warn({ ...about, problems }, "apps overlap");
  world.log.info({ ...about, places: places.length, entries: config.apps.length }, "surveyed");
}
