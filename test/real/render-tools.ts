/** The programs that render, for tests: those of the machine, else those that `npm test` has put into the cache. */

import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

export function toolCache(env: Environment): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "lockkeeper", "tools");
}

/** Where a program is; null where it is nowhere. The cached one goes first, so that every machine tests the same. */
export function findTool(name: "kustomize" | "helm", env: Environment = process.env): string | null {
  const folders = [toolCache(env), ...(env["PATH"] ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
