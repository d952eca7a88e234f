/** Reads what a push wants to move from the head of its request. */

import type { RefMove } from "../git/git.ts";

/**
 * The moves in the packet lines up to the first flush; undefined while it has not all come. The first line carries
 * capabilities after a zero byte.
 */
export function parsePushCommands(bytes: Buffer): readonly RefMove[] | undefined {
  const moves: RefMove[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = Number.parseInt(bytes.toString("latin1", at, at + 4), 16);
    if (Number.isNaN(length)) return moves;
    if (length === 0) return moves;
    if (at + length > bytes.length) return undefined;
    const line =
      bytes
        .toString("utf8", at + 4, at + length)
        .split("\0")[0]
        ?.trim() ?? "";
    const found = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S.*)$/.exec(line);
    if (found) moves.push({ before: found[1] ?? "", after: found[2] ?? "", ref: found[3] ?? "" });
    at += length;
  }
  return undefined;
}
