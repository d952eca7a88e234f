/** What a repository without a configuration is offered: made from where images were found in it, and the same for the same commit. */

import { appsOf } from "../config/apps.ts";
import { configPath } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import type { SkippedPlace } from "../manifests/finds.ts";
import type { App } from "../model/app.ts";
import { isShared } from "./folder-words.ts";
import { configText } from "./onboarding-config.ts";
import { entriesFor } from "./onboarding-entries.ts";
import { type AppFolders, type Folder, appFolders, sharedReason } from "./onboarding-folders.ts";
import { formsOf } from "./onboarding-patterns.ts";

/** Of one commit: all its paths, the images that can be followed, and the places that cannot. */
export interface OnboardingInput {
  readonly paths: readonly string[];
  readonly images: readonly FoundImage[];
  readonly skipped: readonly SkippedPlace[];
}

export interface FoundImage {
  readonly file: string;
  readonly line: number;
  readonly image: string;
}

export interface Offer {
  /** Text of the configuration. */
  readonly config: string;
  readonly apps: readonly OfferedApp[];
  /** Places where an image stands in the folder of an app. */
  readonly tracked: number;
  /** Those that would not be followed, by the reason; the most first. */
  readonly untracked: readonly UntrackedGroup[];
}

export interface OfferedApp {
  readonly path: string;
  readonly environment: string;
  /** Names, each once. */
  readonly images: readonly string[];
}

/** Some of the places of one reason. */
export interface UntrackedGroup {
  readonly reason: string;
  readonly count: number;
  /** `file:line`. */
  readonly places: readonly string[];
}

/** Null where no image was found that would be followed: nothing is offered then. */
export function offerFor({ paths, images, skipped }: OnboardingInput): Offer | null {
  const files = [...new Set([...paths, configPath])];
  const counts = new Map<string, number>();
  for (const { file } of images) counts.set(file, (counts.get(file) ?? 0) + 1);
  const folders = appFolders(counts, files);
  const config = configFor(folders, files);
  const parsed = config === null ? null : parseConfig(config, configPath);
  if (config === null || parsed?.ok !== true) return null;
  const apps = new Map(
    appsOf(parsed.value, files).map((app) => [app.path, { app, images: new Set<string>() }]),
  );
  const left = new Map<string, string[]>();
  const leave = ({ file, line, reason }: SkippedPlace): void =>
    void left.set(reason, [...(left.get(reason) ?? []), `${file}:${line}`]);
  let tracked = 0;
  for (const { file, line, image } of images) {
    const own = outerFolders(file).flatMap((folder) => apps.get(folder) ?? [])[0];
    own?.images.add(image);
    if (own === undefined)
      leave({ file, line, reason: folders.left.get(file) ?? unlistedReason(folders, file) });
    else tracked += 1;
  }
  for (const place of skipped) leave(place);
  return { config, apps: [...apps.values()].map(offeredApp), tracked, untracked: groupsOf(left) };
}

/** What is in none of the entries is shared, or in a folder for which there was no room. */
function unlistedReason({ apps }: AppFolders, file: string): string {
  return apps.length > 0 && file.split("/").some(isShared)
    ? sharedReason
    : "in more folders than are listed here";
}

/** Shared folders are offered as apps themselves where there is nothing else. */
function configFor({ apps, shared }: AppFolders, files: readonly string[]): string | null {
  const all = foldersOf(files);
  const entries = entriesFor(formsOf(apps), all);
  const taken = entries.flatMap(({ matched }) => matched);
  const free = shared.filter((names) => !isWithin(names, taken));
  const others = entriesFor(formsOf(free), all, taken);
  if (entries.length > 0) return configText({ apps: entries, shared: others });
  return others.length > 0 ? configText({ apps: others, shared: [] }) : null;
}

function isWithin(names: Folder, folders: readonly Folder[]): boolean {
  const known = new Set(folders.map((folder) => folder.join("/")));
  return names.some((_, at) => known.has(names.slice(0, at + 1).join("/")));
}

/** Every folder that holds a file, at any depth. */
function foldersOf(files: readonly string[]): readonly Folder[] {
  return [...new Set(files.flatMap(outerFolders))]
    .filter((folder) => folder !== ".")
    .map((folder) => folder.split("/"));
}

/** The folders round a file, the innermost first; `.` is the last. */
function outerFolders(file: string): readonly string[] {
  const names = file.split("/").slice(0, -1);
  return [...names.map((_, at) => names.slice(0, names.length - at).join("/")), "."];
}

function offeredApp({
  app,
  images,
}: {
  readonly app: App;
  readonly images: ReadonlySet<string>;
}): OfferedApp {
  return { path: app.path, environment: app.environment, images: [...images].toSorted() };
}

/** Places that are told of one reason, and reasons. */
const mostPlaces = 10;
const mostReasons = 30;

function groupsOf(left: ReadonlyMap<string, readonly string[]>): readonly UntrackedGroup[] {
  const groups = [...left].map(([reason, places]) => ({
    reason,
    count: places.length,
    places: places.slice(0, mostPlaces),
  }));
  return groups.toSorted((a, b) => b.count - a.count).slice(0, mostReasons);
}
