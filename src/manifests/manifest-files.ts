/** Which files of a commit are manifests. */

import { posix } from "node:path";
import { forFile } from "./file-paths.ts";
import { isManifestFile } from "./find-occurrences.ts";
import type { KindPaths } from "./kind-paths.ts";
import { isKustomizationFile, kustomizedFiles } from "./kustomize-tree.ts";
import { valuesFiles } from "./values-files.ts";

/** What is a manifest by its name, what a kustomization or the configuration names and what is named as values; in the order of the files. */
export function manifestFiles(
  files: ReadonlyMap<string, Uint8Array>,
  kinds: readonly KindPaths[] = [],
): readonly string[] {
  const paths = [...files.keys()];
  const others = new Set(paths.filter((file) => !isManifestFile(file) && mayBeManifest(file)));
  const namers = others.size === 0 ? [] : paths.filter(isKustomizationFile);
  const named = new Set(namers.flatMap((file) => kustomizedFiles(posix.dirname(file), files)));
  const values = others.size === 0 ? named : valuesFiles(files);
  return paths.filter(
    (file) =>
      isManifestFile(file) ||
      (others.has(file) &&
        (named.has(file) || values.has(file) || kinds.some((row) => forFile(row, file) !== null))),
  );
}

/** Whether a file is read that a kustomization names: it may have no ending. */
export function mayBeManifest(file: string): boolean {
  return isManifestFile(file) || !posix.basename(file).includes(".");
}
