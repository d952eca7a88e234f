/** The names under which an app and what belongs to it are known inside the cluster. */

import { createHash } from "node:crypto";

/** Stamped on every applied object; its value is the app's hash. */
export const appLabel = "lockkeeper.dev/app";
/** `disabled` on a live object keeps it from being pruned; `allowed` lets it go where it would else be asked for. */
export const pruneAnnotation = "lockkeeper.dev/prune";
export const fieldManager = "lockkeeper";

/**
 * An app is (repository id, path): a rename of the repository keeps it, a rename of the folder makes another one. Twenty hex
 * digits, which a label value may hold.
 */
export function appHash(repositoryId: number, path: string): string {
  return createHash("sha256").update(`${repositoryId}\n${path}`).digest("hex").slice(0, 20);
}
