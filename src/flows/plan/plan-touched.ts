/** Which apps a merge touches, those that it brings and those that it ends included. */

import { holdsFile } from "../../config/apps.ts";
import type { App } from "../../model/app.ts";
import type { Threads } from "../../ports/threads.ts";
import { isReadBy, readsOf } from "../deploy/app-reads.ts";
import type { Side, Sides } from "./plan-sides.ts";

/** `after` is null where the merge ends it, `before` where it brings it. */
export interface TouchedApp {
  readonly path: string;
  readonly before: App | null;
  readonly after: App | null;
  /** Whether a file is one of its inputs, on either side. */
  readonly isInput: (file: string) => boolean;
}

/** In the order of their paths. Apps that are only looked at are none. */
export async function touchedApps(
  threads: Threads,
  { before, after }: Sides,
  paths: readonly string[],
): Promise<readonly TouchedApp[]> {
  const inputs = await Promise.all([before, after].map((side) => inputsOf(threads, side)));
  const all = new Set([...before.apps.keys(), ...after.apps.keys()]);
  return [...all].sort().flatMap((path) => {
    const app = {
      path,
      before: counted(before.apps.get(path)),
      after: counted(after.apps.get(path)),
      isInput: (file: string) => inputs.some((isInput) => isInput(path, file)),
    };
    if (app.before === null && app.after === null) return [];
    const same = JSON.stringify(app.before) === JSON.stringify(app.after);
    return same && !paths.some(app.isInput) ? [] : [app];
  });
}

/** An app of which its inputs could not be told in time is taken for reading everything. */
async function inputsOf(
  threads: Threads,
  { snapshot, apps }: Side,
): Promise<(path: string, file: string) => boolean> {
  const reads = await readsOf(threads, snapshot.files, [...apps.values()]);
  return (path, file) => {
    const own = reads.get(path);
    if (own === undefined) return false;
    return own === null || holdsFile({ path }, file) || isReadBy(own, file);
  };
}

function counted(app: App | undefined): App | null {
  return app === undefined || app.mode === "observe" ? null : app;
}
