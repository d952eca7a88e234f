/** The image moves that a change consists of, where it is nothing else. */

import { findOccurrences } from "../../manifests/find-occurrences.ts";
import type { Surroundings } from "../../manifests/shape.ts";
import { splice } from "../../manifests/splice.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { Comparison } from "../../model/pull.ts";
import type { Task } from "../../ports/threads.ts";
import { type ImageMove, imageMoves } from "../../signoff/change.ts";
import type { Bench } from "./check-bench.ts";

/** Every image that a comparison moves; null when it changes anything else as well. */
export async function readImageMoves(
  { forge: { code }, policy, threads }: Bench,
  { mergeBase, files }: Comparison,
  sha: string,
): Promise<Result<readonly ImageMove[] | null>> {
  if (files.some((file) => file.status !== "modified")) return ok(null);
  const before = await code.snapshot(mergeBase);
  if (!before.ok) return before;
  const after = await code.snapshot(sha);
  if (!after.ok) return after;
  const kinds = policy.type === "rules" ? policy.config.shapes : [];
  const sides = [before.value, after.value].map((snapshot) => ({ files: snapshot.files, kinds }));
  const moves: ImageMove[] = [];
  for (const { path } of files) {
    const own = await threads.first(movesOfFile, { path, sides });
    if (!own.ok) return fail(own.failure.code, `${path}: reading it ${own.failure.message}`);
    if (own.value === null) return ok(null);
    moves.push(...own.value);
  }
  return ok(moves);
}

/** Null where the change of the file is any other. */
export const movesOfFile: Task<FileSides, readonly ImageMove[] | null> = {
  module: import.meta.url,
  name: "movesOfFile",
  run: ({ path, sides }) => [movesOf(path, sides)],
};

interface FileSides {
  readonly path: string;
  /** What is around it before and after. */
  readonly sides: readonly Surroundings[];
}

/** The moves of one file, proven by making them: they must lead from the one content to the other, byte for byte. */
function movesOf(path: string, sides: readonly Surroundings[]): readonly ImageMove[] | null {
  const [before, after] = sides.map(({ files }) => files.get(path));
  if (before === undefined || after === undefined) return null;
  const [occurrences = [], later = []] = [before, after].map(
    (bytes, side) => findOccurrences(path, bytes, sides[side]).occurrences,
  );
  const moves = imageMoves(occurrences, later);
  if (moves === null) return null;
  const edits = moves.flatMap(({ path, to }) => {
    const occurrence = occurrences.find((found) => found.path === path);
    return occurrence === undefined ? [] : [{ occurrence, to }];
  });
  const made = splice(before, edits);
  return made.ok && sameBytes(made.value, after) ? moves : null;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
