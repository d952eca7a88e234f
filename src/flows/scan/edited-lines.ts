/** The lines of a file that the edit of an image changes, and those next to them. */

import { createHash } from "node:crypto";
import type { Occurrence } from "../../model/update.ts";

export interface EditedLines {
  /** 1-based. */
  readonly lines: readonly number[];
  /**
   * Of these lines and of those next to them, on to one that stands in the file only once: what is put in or taken out
   * between equal lines Git may see nearer than it is. It merges whatever else is changed in the file without a conflict.
   */
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

/** What is equal for two commits whose lines are equal wherever an edit of these places changes them. */
export function linesHash(
  known: ReadonlyMap<string, string>,
  places: readonly Pick<Occurrence, "file" | "path">[],
): string {
  const hashes = places.map((place) => known.get(placeText(place)) ?? "");
  return createHash("sha256").update(hashes.join(" ")).digest("hex").slice(0, 16);
}

/** The same text for the same place. */
export function placeText({ file, path }: Pick<Occurrence, "file" | "path">): string {
  return JSON.stringify([file, path]);
}

const lineEnd = 10;

/** Lines to a side, at most: nobody repeats more of them. */
const mostLines = 100;

/** The line at an offset with those above and below, on each side to the first that stands in the file only once. */
function around(content: Buffer, offset: number): Buffer {
  let begin = lineStart(content, offset);
  for (let lines = 0; begin > 0 && lines < mostLines; lines += 1) {
    const end = begin - 1;
    begin = lineStart(content, end);
    if (standsOnce(content, content.subarray(begin, end))) break;
  }
  let end = endOfLine(content, offset);
  for (let lines = 0; end < content.length && lines < mostLines; lines += 1) {
    const start = end + 1;
    end = endOfLine(content, start);
    if (standsOnce(content, content.subarray(start, end))) break;
  }
  return content.subarray(begin, end);
}

function standsOnce(content: Buffer, line: Buffer): boolean {
  if (line.length === 0) return false;
  let count = 0;
  for (let at = content.indexOf(line); at >= 0 && count < 2; at = content.indexOf(line, at + 1)) {
    const isBegin = at === 0 || content[at - 1] === lineEnd;
    const after = at + line.length;
    if (isBegin && (after === content.length || content[after] === lineEnd)) count += 1;
  }
  return count === 1;
}

function endOfLine(content: Buffer, offset: number): number {
  const end = content.indexOf(lineEnd, offset);
  return end < 0 ? content.length : end;
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
