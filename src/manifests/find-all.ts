/** Where images stand in all files of a commit. */

import { posix } from "node:path";
import { type Found, findOccurrences, isManifestFile } from "./find-occurrences.ts";
import { isKustomizationFile, kustomizedFiles } from "./kustomize-tree.ts";
import type { Surroundings } from "./shape.ts";

export interface FoundFile extends Found {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** File by file, so that whoever takes them can let others work in between. */
export function* findAll(
  surroundings: Surroundings,
  isWanted: (file: string) => boolean = () => true,
): Iterable<FoundFile> {
  for (const file of manifestsOf(surroundings.files)) {
    const bytes = surroundings.files.get(file);
    if (bytes !== undefined && isWanted(file))
      yield { file, bytes, ...findOccurrences(file, bytes, surroundings) };
  }
}

/** Whether a file is read that a kustomization names: it may have no ending. */
export function mayBeManifest(file: string): boolean {
  return isManifestFile(file) || !posix.basename(file).includes(".");
}

/** What is a manifest by its name, and what a kustomization names. */
function manifestsOf(files: ReadonlyMap<string, Uint8Array>): Iterable<string> {
  const paths = [...files.keys()];
  const others = new Set(paths.filter((file) => !isManifestFile(file) && mayBeManifest(file)));
  const namers = others.size === 0 ? [] : paths.filter(isKustomizationFile);
  const named = new Set(namers.flatMap((file) => kustomizedFiles(posix.dirname(file), files)));
  return paths.filter((file) => isManifestFile(file) || (others.has(file) && named.has(file)));
}
