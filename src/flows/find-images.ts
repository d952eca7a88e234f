/** Where images stand in the files of a commit, file by file, in a thread: what a file says may not stop the process. */

import { type Found, findOccurrences, isManifestFile } from "../manifests/find-occurrences.ts";
import { manifestFiles } from "../manifests/manifest-files.ts";
import type { Surroundings } from "../manifests/shape.ts";
import { type Failure, type Result, ok } from "../model/failure.ts";
import type { Task, Threads } from "../ports/threads.ts";

type Files = Surroundings["files"];

export const listManifests: Task<Files, readonly string[]> = {
  module: import.meta.url,
  name: "listManifests",
  run: (files) => [manifestFiles(files)],
};

interface FindInput {
  readonly surroundings: Surroundings;
  readonly wanted: readonly string[];
}

/** What is found in each of the wanted files. */
export const findInFiles: Task<FindInput, Found> = {
  module: import.meta.url,
  name: "findInFiles",
  *run({ surroundings, wanted }) {
    for (const file of wanted) {
      yield findOccurrences(file, surroundings.files.get(file) ?? new Uint8Array(), surroundings);
    }
  },
};

export interface ImageSearch {
  readonly threads: Threads;
  readonly surroundings: Surroundings;
  /** Default: every manifest. */
  readonly isWanted?: (file: string) => boolean;
}

/**
 * Tells of each wanted manifest in order; one whose reading is cut off is skipped with the reason, and the others go on. Fails
 * only when everything is cut off.
 */
export async function findImages(
  { threads, surroundings, isWanted = () => true }: ImageSearch,
  told: (file: string, found: Found) => void,
): Promise<Result<void>> {
  const { files } = surroundings;
  const wanted = (await manifestsOf(threads, files)).filter(isWanted);
  for (let done = 0; done < wanted.length;) {
    const slice = sliceOf(wanted, done, files);
    const ended = await threads.each(findInFiles, { surroundings, wanted: slice }, (found) => {
      told(wanted[done] ?? "", found);
      done += 1;
    });
    if (ended.ok) continue;
    if (ended.failure.code === "cancelled") return ended;
    const file = wanted[done];
    if (file !== undefined) told(file, cutOff(file, ended.failure));
    done += 1;
  }
  return ok(undefined);
}

/** By their names where the kustomizations, which name others, cannot be read in time. */
async function manifestsOf(threads: Threads, files: Files): Promise<readonly string[]> {
  const listed = await threads.first(listManifests, files);
  return listed.ok ? listed.value : [...files.keys()].filter(isManifestFile);
}

/** A repository has a thread for so many bytes of manifests; then it is another's turn. */
const sliceBytes = 8 * 1024 * 1024;

function sliceOf(wanted: readonly string[], from: number, files: Files): readonly string[] {
  let bytes = 0;
  let to = from;
  while (to < wanted.length && bytes < sliceBytes) {
    bytes += files.get(wanted[to] ?? "")?.length ?? 0;
    to += 1;
  }
  return wanted.slice(from, to);
}

function cutOff(file: string, { message }: Failure): Found {
  return { occurrences: [], skipped: [{ file, line: 1, reason: `reading it ${message}` }] };
}
