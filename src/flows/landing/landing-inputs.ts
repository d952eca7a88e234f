/** Which files of a commit an app is made of. */

import { configPath } from "../../config/config.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Code } from "../../ports/forge.ts";
import type { Threads } from "../../ports/threads.ts";
import { isReadBy, readsOf } from "../deploy/app-reads.ts";
import { appsIn } from "../deploy/deploy-app.ts";

export interface Inputs {
  /** Whether a file is an input, or would be one if it came. */
  has(file: string): boolean;
  /** Those that are there, links and what is too large included. */
  readonly files: readonly string[];
}

/** Where inputs are read: one app of a repository. */
export interface Site {
  readonly code: Code;
  readonly threads: Threads;
  readonly path: string;
}

/**
 * The app's folder and what is read beside it; everything, where that cannot be told in time. The configuration is an input of
 * every app: it says what the app is, and who signs for it.
 */
export async function inputsAt({ code, threads, path }: Site, sha: string): Promise<Result<Inputs>> {
  const snapshot = await code.snapshot(sha);
  if (!snapshot.ok) return snapshot;
  const { files, skipped } = snapshot.value;
  // Its entry may name values of a chart that lie outside.
  const app = (await appsIn(threads, snapshot.value)).find((one) => one.path === path) ?? { path };
  const reads = (await readsOf(threads, files, [app])).get(path) ?? null;
  const has = (file: string): boolean =>
    file === configPath || isWithin(path, file) || reads === null || isReadBy(reads, file);
  return ok({ has, files: [...files.keys(), ...skipped.keys()].filter(has) });
}

/** Whether a file lies in an app's folder. */
export function isWithin(path: string, file: string): boolean {
  return path === "." || file.startsWith(`${path}/`);
}

export function eitherOf(one: Inputs, other: Inputs): Inputs {
  const files = [...new Set([...one.files, ...other.files])];
  return { has: (file) => one.has(file) || other.has(file), files };
}
