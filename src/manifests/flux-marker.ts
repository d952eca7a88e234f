/** Values with a marker of Flux's image automation, whatever their keys are called. */

import { type Scalar, isScalar } from "yaml";
import { type Cursor, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { fluxImages } from "./flux-policies.ts";
import { type FluxMarker, policyOf, readMarker } from "./flux-statement.ts";
import type { Context, Place, Shape } from "./shape.ts";

/** A value with its marker. */
interface Marked {
  readonly at: Cursor;
  readonly marker: FluxMarker;
}

export const fluxMarker: Shape = (object, context) =>
  context.text.includes("$imagepolicy") ? placesUnder(object, context) : [];

function placesUnder(cursor: Cursor, context: Context): readonly Place[] {
  const children = [...ownEntries(cursor).map(([, value]) => value), ...ownItems(cursor)];
  const marked = children.flatMap((at): readonly Marked[] => {
    const marker = isScalar(at.node) ? markerOf(at.node) : null;
    return marker === null ? [] : [{ at, marker }];
  });
  const inner = children.filter(({ node }) => !isScalar(node));
  return [...placesOf(cursor, marked, context), ...inner.flatMap((child) => placesUnder(child, context))];
}

function markerOf({ comment }: Scalar): FluxMarker | null {
  return typeof comment === "string" ? readMarker(comment) : null;
}

/** Parts of one policy in one map are one image; elsewhere each is its own. */
function placesOf(map: Cursor, marked: readonly Marked[], context: Context): readonly Place[] {
  const whole = marked.filter(({ marker }) => marker.part === "image");
  const tags = marked.filter(({ marker }) => marker.part === "tag");
  const alone = marked.filter(
    (one) => one.marker.part === "digest" && !tags.some((tag) => isSamePolicy(tag, one)),
  );
  return [
    ...whole.map(({ at }): Place => ({ type: "reference", at })),
    ...[...tags, ...alone].map((one) => partsOf(map, one, { marked, context })),
  ];
}

interface Surrounding {
  readonly marked: readonly Marked[];
  readonly context: Context;
}

function partsOf(map: Cursor, own: Marked, { marked, context }: Surrounding): Place {
  const sibling = (part: FluxMarker["part"]): Cursor | null =>
    marked.find((one) => one.marker.part === part && isSamePolicy(one, own))?.at ?? null;
  const image =
    textOf(sibling("name")) ??
    policyOf(own.marker, fluxImages(context.files))?.image ??
    ["newName", "repository"].map((key) => textAt(map, key)).find((text) => text !== "");
  if (image === undefined || image === null)
    return { type: "skipped", at: own.at.node, reason: unknownImage };
  const tag = own.marker.part === "tag" ? own.at : null;
  return { type: "parts", map: own.at, image, tag, digest: sibling("digest") };
}

const unknownImage = "a marker of Flux whose ImageRepository is not in this repository";

function isSamePolicy({ marker: one }: Marked, { marker: other }: Marked): boolean {
  return one.namespace === other.namespace && one.policy === other.policy;
}
