/** Where images stand in the files of a commit, file by file, in a thread: what a file says may not stop the process. */

import { setImmediate } from "node:timers/promises";
import { type Found, findOccurrences, isManifestFile } from "../../manifests/find-occurrences.ts";
import { manifestFiles } from "../../manifests/manifest-files.ts";
import type { Surroundings } from "../../manifests/shape.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Task, Threads } from "../../ports/threads.ts";

type Files = Surroundings["files"];

export const listManifests: Task<Surroundings, readonly string[]> = {
  module: import.meta.url,
  name: "listManifests",
  run: ({ files, kinds }) => [manifestFiles(files, kinds)],
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
      const found = findOccurrences(file, surroundings.files.get(file) ?? new Uint8Array(), surroundings);
      const places = found.occurrences.length + found.skipped.length;
      yield places > mostInFile ? skipped(file, `holds more than ${mostInFile} images`) : found;
    }
  },
};

export interface ImageSearch {
  readonly threads: Threads;
  readonly surroundings: Surroundings;
  /** Default: every manifest. */
  readonly isWanted?: (file: string) => boolean;
  /**
   * Files of up to so many bytes are read in this thread, for a process that has nothing else to do: to hand thousands of
   * them over costs as much as to read them. Default: none is.
   */
  readonly hereBytes?: number;
}

/**
 * Tells of each wanted manifest in order; one whose reading is cut off is skipped with the reason, and the others go on.
 * Answers the files that were cut off; fails only when everything is.
 */
export async function findImages(
  { threads, surroundings, isWanted = () => true, hereBytes = 0 }: ImageSearch,
  told: (file: string, found: Found) => void,
): Promise<Result<readonly string[]>> {
  const { files, kinds } = surroundings;
  const listed = hereBytes > 0 ? manifestFiles(files, kinds) : await manifestsOf(threads, surroundings);
  const wanted = listed.filter(isWanted);
  const isHere = (file: string): boolean => (files.get(file)?.length ?? 0) <= hereBytes;
  const here = hereBytes > 0 ? wanted.filter(isHere) : [];
  const beside = hereBytes > 0 ? wanted.filter((file) => !isHere(file)) : wanted;
  const found = new Map<string, Found>();
  const read = await findBeside({ threads, surroundings, wanted: beside }, found);
  if (!read.ok) return read;
  await findHere({ surroundings, wanted: here }, found);
  let places = 0;
  for (const [index, file] of wanted.entries()) {
    if (index % filesInOneGo === 0) await setImmediate();
    const own = found.get(file) ?? { occurrences: [], skipped: [] };
    places += own.occurrences.length + own.skipped.length;
    told(file, places > mostPlaces ? skipped(file, tooMany) : own);
  }
  return read;
}

/** By their names where the kustomizations, which name others, cannot be read in time. */
async function manifestsOf(threads: Threads, surroundings: Surroundings): Promise<readonly string[]> {
  const listed = await threads.first(listManifests, surroundings);
  return listed.ok ? listed.value : [...surroundings.files.keys()].filter(isManifestFile);
}

/** A repository has a thread for so many bytes of manifests; then it is another's turn. */
const sliceBytes = 8 * 1024 * 1024;
/** So many are read here between two pauses. */
const pauseBytes = 64 * 1024;

async function findBeside(
  { threads, surroundings, wanted }: FindInput & { readonly threads: Threads },
  found: Map<string, Found>,
): Promise<Result<readonly string[]>> {
  const cutOff: string[] = [];
  for (let done = 0; done < wanted.length;) {
    const slice = sliceOf(wanted.slice(done), surroundings.files, sliceBytes);
    const ended = await threads.each(findInFiles, { surroundings, wanted: slice }, (own) => {
      found.set(wanted[done] ?? "", own);
      done += 1;
    });
    if (ended.ok) continue;
    if (ended.failure.code === "cancelled") return ended;
    const file = wanted[done] ?? "";
    found.set(file, skipped(file, `reading it ${ended.failure.message}`));
    cutOff.push(file);
    done += 1;
  }
  return ok(cutOff);
}

async function findHere({ surroundings, wanted }: FindInput, found: Map<string, Found>): Promise<void> {
  for (let done = 0; done < wanted.length;) {
    const slice = sliceOf(wanted.slice(done), surroundings.files, pauseBytes);
    for (const own of findInFiles.run({ surroundings, wanted: slice })) {
      found.set(wanted[done] ?? "", own);
      done += 1;
    }
    await setImmediate();
  }
}

/** The first of the files, of some bytes in all and one more. */
function sliceOf(wanted: readonly string[], files: Files, most: number): readonly string[] {
  let bytes = 0;
  const last = wanted.findIndex((file) => {
    bytes += files.get(file)?.length ?? 0;
    return bytes > most;
  });
  return last < 0 ? wanted : wanted.slice(0, last + 1);
}

/** What is found is told and judged in this thread. */
const filesInOneGo = 10;
const mostInFile = 5000;
const mostPlaces = 25_000;
const tooMany = `more than ${mostPlaces} images stand in it and the files before it`;

function skipped(file: string, reason: string): Found {
  return { occurrences: [], skipped: [{ file, line: 1, reason }] };
}
