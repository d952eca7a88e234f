/** Which apps a merge touches, those that it brings and those that it ends included. */

import { holdsFile } from "../config/apps.ts";
import type { App } from "../model/app.ts";
import type { Sides } from "./plan-sides.ts";

/** `after` is null where the merge ends it, `before` where it brings it. */
export interface TouchedApp {
  readonly path: string;
  readonly before: App | null;
  readonly after: App | null;
}

/** In the order of their paths. Apps that are only looked at are none. */
export function touchedApps({ before, after }: Sides, paths: readonly string[]): readonly TouchedApp[] {
  const all = new Set([...before.apps.keys(), ...after.apps.keys()]);
  return [...all].sort().flatMap((path) => {
    const app = { path, before: counted(before.apps.get(path)), after: counted(after.apps.get(path)) };
    if (app.before === null && app.after === null) return [];
    const same = JSON.stringify(app.before) === JSON.stringify(app.after);
    return same && !isTouched(app, paths) ? [] : [app];
  });
}

export function isTouched(app: Pick<App, "path">, paths: readonly string[]): boolean {
  return paths.some((path) => holdsFile(app, path));
}

function counted(app: App | undefined): App | null {
  return app === undefined || app.mode === "observe" ? null : app;
}
