/** What a pull request changes: which paths and which apps, judged by the apps there would be after the merge. */

import { holdsFile } from "../config/apps.ts";
import { type Target, configPath } from "../config/config.ts";
import type { FileChange, PullRequest } from "../model/pull.ts";
import { type RepositoryRef, fullName } from "../model/repository.ts";
import type { ChangeKind } from "../model/update.ts";
import type { Change, TouchedApp } from "../signoff/facts.ts";
import { matchesGlob } from "../text/glob.ts";
import type { Bench } from "./check-bench.ts";
import type { IsRead } from "./check-inputs.ts";
import { judgedApps } from "./check-policy.ts";

/** Every changed path; a renamed or copied file counts under both names. */
export function changedPaths(files: readonly FileChange[]): readonly string[] {
  const paths = files.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [path, previousPath],
  );
  return [...new Set(paths)].sort();
}

export function changeOf(
  bench: Bench,
  pull: PullRequest,
  paths: readonly string[],
  { kinds, isRead }: { readonly kinds: readonly ChangeKind[]; readonly isRead: IsRead },
): Omit<Change, "pushers"> {
  return {
    pull: pull.number,
    author: pull.author,
    paths,
    kinds,
    apps: touchedApps(bench, paths, isRead),
    configuration: paths.includes(configPath),
  };
}

/**
 * Those whose folder, or anything else that they read, is changed. An app that the pull request itself adds is among them: it is
 * signed before it is there.
 */
function touchedApps(
  { policy, repository, targets }: Bench,
  paths: readonly string[],
  isRead: IsRead,
): readonly TouchedApp[] {
  if (policy.type === "broken") return [];
  const apps = judgedApps(policy, paths);
  return apps.flatMap((app) => {
    const own = paths.filter((path) => holdsFile(app, path) || isRead(app, path));
    if (own.length === 0) return [];
    const { name, environment } = app;
    return [{ name, environment, paths: own, floor: floorOf(targets, repository, app.path) }];
  });
}

/** The strictest of the targets that let this repository put an app of this path into the cluster. */
function floorOf(targets: readonly Target[], repository: RepositoryRef, path: string): number {
  const name = fullName(repository).toLowerCase();
  const floors = targets
    .filter((target) => target.repository.toLowerCase() === name && matchesGlob(target.paths, path))
    .map((target) => target.floor?.approvals ?? 0);
  return Math.max(0, ...floors);
}
