/** The identity of a change: equal text means that whoever approved one has approved the other. */

import type { FileChange } from "../model/pull.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";

/** An image moved from one value to another at one place. */
export interface ImageMove {
  readonly file: string;
  readonly path: string;
  readonly image: string;
  readonly from: ImageValue;
  readonly to: ImageValue;
}

/**
 * A change by its files between merge base and head: which, how, and what they hold afterwards. What they held before is not
 * in it, so it names a change only together with the merge base.
 */
export function fileIdentity(files: readonly FileChange[]): string {
  const rows = files.map(({ path, previousPath, status, blob }) => [path, previousPath ?? "", status, blob]);
  return `files ${canonical(rows)}`;
}

/**
 * A change by its image edits, for one that changes nothing else (which the caller proves): it is the same change wherever
 * the lines around it have moved.
 */
export function imageIdentity(edits: readonly ImageMove[]): string {
  const rows = edits.map(({ file, path, image, from, to }) => [
    file,
    path,
    image,
    from.tag,
    from.digest,
    to.tag,
    to.digest,
  ]);
  return `images ${canonical(rows)}`;
}

/**
 * The edits that lead from the occurrences of one file to those after the change; null when images were added, taken away
 * or renamed, so that it is not a change of values alone.
 */
export function imageMoves(
  before: readonly Occurrence[],
  after: readonly Occurrence[],
): readonly ImageMove[] | null {
  if (before.length !== after.length) return null;
  const pairs = before.map((old, at) => ({ old, now: after[at] }));
  if (!pairs.every(({ old, now }) => now !== undefined && samePlace(old, now))) return null;
  return pairs.flatMap(({ old, now }) => {
    if (now === undefined || (old.tag === now.tag && old.digest === now.digest)) return [];
    const from = { tag: old.tag, digest: old.digest };
    return [
      { file: old.file, path: old.path, image: old.image, from, to: { tag: now.tag, digest: now.digest } },
    ];
  });
}

/** For people, what moves now and did not before, or the other way round; at most three: `now file path from → to`. */
export function movesText(before: readonly ImageMove[], now: readonly ImageMove[]): string {
  const known = new Set(before.map((move) => imageIdentity([move])));
  const kept = new Set(now.map((move) => imageIdentity([move])));
  const fresh = now.filter((move) => !known.has(imageIdentity([move])));
  const lost = before.filter((move) => !kept.has(imageIdentity([move])));
  const told = fresh.length > 0 ? fresh : lost;
  const texts = told
    .slice(0, 3)
    .map((move) => `${move.file} ${move.path} ${valueText(move.from)} → ${valueText(move.to)}`);
  const more = told.length > 3 ? ` and ${told.length - 3} more` : "";
  return `${fresh.length > 0 ? "now " : "without "}${texts.join(", ")}${more}`;
}

function valueText({ tag, digest }: ImageValue): string {
  return [tag ?? "", digest === null ? "" : digest.slice(0, 19)].filter((part) => part !== "").join("@");
}

function samePlace(a: Occurrence, b: Occurrence): boolean {
  return a.file === b.file && a.path === b.path && a.shape === b.shape && a.image === b.image;
}

function canonical(rows: readonly (readonly (string | null)[])[]): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}
