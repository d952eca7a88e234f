/** The lines of a file that the edit of an image changes, and those next to them. */

import { createHash } from "node:crypto";
import type { Occurrence } from "../model/update.ts";
import type { PlannedBump } from "../plan/unit.ts";

export interface EditedLines {
  /** 1-based. */
  readonly lines: readonly number[];
  /** Of these lines and of those next to them. Git merges whatever else is changed in the file without a conflict. */
  readonly hash: string;
}

export function editedLines(bytes: Uint8Array, occurrence: Occurrence): EditedLines {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash = createHash("sha256");
  const lines = (occurrence.edits ?? [occurrence]).map(({ start }) => {
    hash.update(around(content, start)).update("\0");
    return occurrence.line + linesBetween(content, occurrence.start, start);
  });
  return { lines: [...new Set(lines)], hash: hash.digest("hex").slice(0, 16) };
}

/** What is equal for two commits whose lines are equal wherever these bumps edit them. */
export function linesHash(known: ReadonlyMap<string, string>, bumps: readonly PlannedBump[]): string {
  const hashes = bumps.map(({ occurrence }) => known.get(placeText(occurrence)) ?? "");
  return createHash("sha256").update(hashes.join(" ")).digest("hex").slice(0, 16);
}

/** The same text for the same place. */
export function placeText({ file, path }: Pick<Occurrence, "file" | "path">): string {
  return JSON.stringify([file, path]);
}

const lineEnd = 10;

/** The line at an offset with the one above and the one below. */
function around(content: Buffer, offset: number): Buffer {
  const begin = lineStart(content, Math.max(0, lineStart(content, offset) - 1));
  const end = content.indexOf(lineEnd, offset);
  const next = end < 0 ? -1 : content.indexOf(lineEnd, end + 1);
  return content.subarray(begin, next < 0 ? undefined : next);
}

function lineStart(content: Buffer, offset: number): number {
  return offset === 0 ? 0 : content.lastIndexOf(lineEnd, offset - 1) + 1;
}

/** Negative where the second offset comes first. */
function linesBetween(content: Buffer, from: number, to: number): number {
  const [first, last] = from < to ? [from, to] : [to, from];
  let count = 0;
  for (let at = content.indexOf(lineEnd, first); at >= 0 && at < last; at = content.indexOf(lineEnd, at + 1))
    count += 1;
  return from < to ? count : -count;
}
