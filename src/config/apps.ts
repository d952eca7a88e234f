/** Which apps a repository has: the folders that its configuration matches. */

import type { App, HelmSettings } from "../model/app.ts";
import { liveBranch } from "../model/live-branch.ts";
import { capturesOf, matchFolders } from "./app-pattern.ts";
import type { AppEntry, Config } from "./config.ts";

/**
 * Every app, in the order of their paths, from the paths of all files of a commit. Where two entries match one folder, the
 * first has it. Apps of one name, or within each other, are in the answer all the same: `appProblems` tells of them.
 */
export function appsOf(config: Pick<Config, "apps">, files: Iterable<string>): readonly App[] {
  return matchedApps(config, files).map(({ app }) => app);
}

/** An app, and how its folder came to be one. */
export interface MatchedApp {
  readonly app: App;
  readonly entry: AppEntry;
  readonly captures: Readonly<Record<string, string>>;
}

/** As `appsOf`. */
export function matchedApps(config: Pick<Config, "apps">, files: Iterable<string>): readonly MatchedApp[] {
  const paths = [...files];
  const apps = new Map<string, MatchedApp>();
  for (const entry of config.apps) {
    for (const [path, captures] of matchFolders(entry.pattern, paths)) {
      if (!apps.has(path)) apps.set(path, { app: appAt(entry, path, captures), entry, captures });
    }
  }
  return [...apps.values()].toSorted(({ app: a }, { app: b }) => (a.path < b.path ? -1 : 1));
}

function appAt(entry: AppEntry, path: string, captures: Readonly<Record<string, string>>): App {
  const fill = (template: string): string =>
    template.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => captures[name] ?? whole);
  const captured = capturesOf(entry.pattern).map((name) => captures[name] ?? "");
  const ownName = captured.length > 0 ? captured.join("-") : (path.split("/").at(-1) ?? path);
  const name = entry.name === undefined ? ownName : fill(entry.name);
  return {
    name,
    path,
    namespace: entry.namespace === undefined ? undefined : fill(entry.namespace),
    environment: entry.environment === undefined ? name : fill(entry.environment),
    mode: entry.mode,
    ...(entry.engine !== undefined && { engine: entry.engine }),
    prune: entry.prune,
    drift: entry.drift,
    waitSeconds: entry.waitSeconds,
    rollback: entry.rollback,
    dependsOn: entry.dependsOn.map(fill),
    takeOver: entry.takeOver,
    conflicts: entry.conflicts,
    recreate: entry.recreate,
    ignore: entry.ignore,
    extras: entry.extras,
    ...(entry.helm !== undefined && { helm: filledHelm(entry.helm, fill) }),
  };
}

function filledHelm({ release, values }: HelmSettings, fill: (template: string) => string): HelmSettings {
  return { ...(release !== undefined && { release: fill(release) }), values: values.map(fill) };
}

/** Whether a file lies in an app's folder. */
export function holdsFile(app: Pick<App, "path">, file: string): boolean {
  return app.path === "." || file.startsWith(`${app.path}/`);
}

/** The app that a file belongs to: of several within each other, the one that lies deepest. */
export function innermostApp<A extends Pick<App, "path">>(apps: readonly A[], file: string): A | undefined {
  const holding = apps.filter((app) => holdsFile(app, file));
  return holding.toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** What is wrong with the apps together, one sentence each: one name for two of them, or one within another. */
export function appProblems(apps: readonly App[]): readonly string[] {
  const problems: string[] = [];
  const names = new Map<string, App>();
  for (const app of apps) {
    const twin = names.get(app.name);
    if (twin !== undefined) problems.push(`"${twin.path}" and "${app.path}" are both named "${app.name}"`);
    else names.set(app.name, app);
    if (app.mode === "gate" && liveBranch(app.name) === null) {
      problems.push(
        `"${app.path}" is in mode gate and named "${app.name}", which cannot end a branch: it needs a name of letters, digits, ".", "_" and "-"`,
      );
    }
    const outer = apps.find((other) => other !== app && holdsFile(other, app.path));
    if (outer !== undefined) problems.push(`the app "${app.path}" lies within the app "${outer.path}"`);
  }
  return problems;
}
