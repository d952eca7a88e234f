/** Where a real API server is on this machine: a folder with kube-apiserver and etcd, as envtest lays it out. */

import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of caches of this product: one folder per version of Kubernetes in it. */
export function kubeCache(env: Environment): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "lockkeeper", "kube");
}

/** The folder named by `KUBEBUILDER_ASSETS`, else the newest one of the cache that is complete, else null. */
export function findAssets(env: Environment): string | null {
  const named = env.KUBEBUILDER_ASSETS;
  if (named && isComplete(named)) return named;
  const cached = versionsIn(kubeCache(env)).filter(isComplete);
  return cached.at(-1) ?? null;
}

function versionsIn(cache: string): string[] {
  try {
    const byVersion = new Intl.Collator("en", { numeric: true });
    return readdirSync(cache)
      .sort((one, other) => byVersion.compare(one, other))
      .map((name) => join(cache, name));
  } catch {
    return [];
  }
}

function isComplete(folder: string): boolean {
  return isProgram(join(folder, "kube-apiserver")) && isProgram(join(folder, "etcd"));
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
