/** Which files of a commit an app is made of. */

import { configPath } from "../config/config.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Code } from "../ports/forge.ts";

/** The configuration is an input of every app: it says what the app is, and who signs for it. */
export async function inputsAt(code: Code, path: string, sha: string): Promise<Result<ReadonlySet<string>>> {
  const snapshot = await code.snapshot(sha);
  if (!snapshot.ok) return snapshot;
  const { files, skipped } = snapshot.value;
  const own = [...files.keys(), ...skipped.keys()].filter((file) => isWithin(path, file));
  return ok(new Set([configPath, ...own]));
}

/** Whether a file lies in an app's folder. */
export function isWithin(path: string, file: string): boolean {
  return path === "." || file.startsWith(`${path}/`);
}
