/** What apps read outside their own folders, so that a change of what they share is a change of each. */

import { type AppInputs, readInputs } from "../../manifests/app-inputs.ts";
import { holdsFile } from "../../config/apps.ts";
import type { App } from "../../model/app.ts";
import type { Task, Threads } from "../../ports/threads.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/** One app at one commit. */
export interface Reads {
  /** Inputs but those files of the app's folder that are there: that is the app's as a whole. */
  readonly named: ReadonlySet<string>;
  readonly folders: AppInputs["folders"];
  readonly naming: AppInputs["naming"];
}

type ReadApp = Pick<App, "path" | "helm">;

interface ReadInput {
  readonly apps: readonly ReadApp[];
  readonly files: Files;
}

export const readApps: Task<ReadInput, Reads> = {
  module: import.meta.url,
  name: "readApps",
  *run({ apps, files }) {
    for (const app of apps) {
      const { files: all, folders, naming } = readInputs(app.path, files, app.helm?.values);
      const named = [...all].filter((file) => !holdsFile(app, file) || !files.has(file));
      yield { named: new Set(named), folders, naming };
    }
  },
};

/** Whether a file is an input, or would be one if it came. */
export function isReadBy({ named, folders }: Reads, file: string): boolean {
  return named.has(file) || [...folders].some((path) => holdsFile({ path }, file));
}

/** By the path of the app. Null where it could not be told in time: then it has to be taken for reading everything. */
export type ReadsByApp = ReadonlyMap<string, Reads | null>;

/** By the files of a commit, which are the same as long as the commit is remembered. */
const memory = new WeakMap<Files, Map<string, Reads>>();

/** After so many apps whose reading is cut off, the rest is given up: one repository may not keep the threads. */
const mostCutOff = 3;

export async function readsOf(threads: Threads, files: Files, apps: readonly ReadApp[]): Promise<ReadsByApp> {
  const known = memory.get(files) ?? new Map<string, Reads>();
  memory.set(files, known);
  const unknown = apps.filter((app) => !known.has(keyOf(app)));
  let cutOff = 0;
  for (let done = 0; done < unknown.length && cutOff < mostCutOff;) {
    const rest = unknown.slice(done).map(({ path, helm }) => ({ path, helm }));
    const ended = await threads.each(readApps, { apps: rest, files }, (reads) => {
      const app = unknown[done];
      if (app !== undefined) known.set(keyOf(app), reads);
      done += 1;
    });
    if (ended.ok) break;
    cutOff += 1;
    done += 1;
  }
  return new Map(apps.map((app) => [app.path, known.get(keyOf(app)) ?? null]));
}

function keyOf({ path, helm }: ReadApp): string {
  return JSON.stringify([path, helm?.values]);
}
