/** Values below a `# renovate:` comment that names their image. */

import { isMap, isNode, isScalar } from "yaml";
import { type Cursor, ownEntries, ownItems, textOf } from "./cursor.ts";
import { pairOf } from "./node-path.ts";
import { type RenovateComment, readRenovateComment } from "./renovate-statement.ts";
import type { Place, Shape } from "./shape.ts";

export const renovateComment: Shape = (object, { text }) =>
  text.includes("renovate:") ? placesUnder(object, "") : [];

/** `above`: what stands before it, where the parser has given that to what it is the first of. */
function placesUnder(cursor: Cursor, above: string): readonly Place[] {
  const before = cursor.node.commentBefore ?? above;
  const entries = ownEntries(cursor).map(([key, value], index) => {
    const comment = commentAbove(cursor, key) ?? (index === 0 ? before : "");
    return isScalar(value.node) ? placesAt(value, comment) : placesUnder(value, "");
  });
  const items = ownItems(cursor).map((item, index) => placesUnder(item, index === 0 ? before : ""));
  return [...entries, ...items].flat();
}

function commentAbove({ node }: Cursor, key: string): string | null {
  const pair = isMap(node) ? pairOf(node, key) : undefined;
  return (isNode(pair?.key) ? pair.key.commentBefore : null) ?? null;
}

function placesAt(at: Cursor, comment: string): readonly Place[] {
  const found: RenovateComment | null = readRenovateComment(comment.split("\n").at(-1) ?? "");
  if (found === null) return [];
  if (/[:@]/.test(textOf(at) ?? "")) return [{ type: "reference", at }];
  return [{ type: "parts", map: at, image: found.image, tag: at, digest: null }];
}
