/** What a pull request changes: which paths and which apps, judged by the apps there would be after the merge. */

import { holdsFile } from "../../config/apps.ts";
import { type Target, configPath } from "../../config/config.ts";
import type { FileChange, PullRequest } from "../../model/pull.ts";
import type { ChangeKind } from "../../model/update.ts";
import { codeownersPaths } from "../../signoff/codeowners.ts";
import { asksCodeowners } from "../../signoff/demand.ts";
import type { Change, Size, TouchedApp } from "../../signoff/facts.ts";
import type { Need } from "../../signoff/rule.ts";
import { matchesGlob } from "../../text/glob.ts";
import type { Bench } from "./check-bench.ts";
import type { IsRead } from "./check-inputs.ts";
import { judgedApps } from "../policy.ts";

/** Every changed path; a renamed or copied file counts under both names. */
export function changedPaths(files: readonly FileChange[]): readonly string[] {
  const paths = files.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [path, previousPath],
  );
  return [...new Set(paths)].sort();
}

/** Lines of all files; of those that nobody counted there may be any number. */
export function sizeOf(files: readonly FileChange[]): Size {
  const lines = files.reduce((sum, file) => sum + (file.lines ?? 0), 0);
  return { lines, exact: files.every((file) => file.lines !== undefined) };
}

/** What is changed, and which apps read which of it. */
export interface Content {
  readonly files: readonly FileChange[];
  readonly kinds: readonly ChangeKind[];
  readonly isRead: IsRead;
}

export function changeOf(
  bench: Bench,
  { number, author, labels }: PullRequest,
  paths: readonly string[],
  { files, kinds, isRead }: Content,
): Omit<Change, "pushers" | "owned"> {
  const { policy } = bench;
  const byOwners = policy.type === "rules" && asksCodeowners(policy.config.signoff);
  return {
    pull: number,
    author,
    paths,
    kinds,
    labels,
    size: sizeOf(files),
    apps: touchedApps(bench, paths, isRead),
    configuration: paths.includes(configPath),
    codeowners: byOwners && codeownersPaths.some((path) => paths.includes(path)),
  };
}

/**
 * Those whose folder, or anything else that they read, is changed. An app that the pull request itself adds is among them: it is
 * signed before it is there.
 */
function touchedApps(
  { policy, targets }: Bench,
  paths: readonly string[],
  isRead: IsRead,
): readonly TouchedApp[] {
  if (policy.type === "broken") return [];
  const apps = judgedApps(policy, paths);
  return apps.flatMap((app) => {
    const own = paths.filter((path) => holdsFile(app, path) || isRead(app, path));
    if (own.length === 0) return [];
    const { name, environment } = app;
    return [{ name, environment, paths: own, floor: floorOf(targets, app.path) }];
  });
}

/** What all of the targets demand that let this repository put an app of this path into the cluster. */
function floorOf(targets: readonly Target[], path: string): Need {
  return targets.filter(({ paths }) => matchesGlob(paths, path)).flatMap(({ floor }) => floor ?? []);
}
