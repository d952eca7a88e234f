/** Lists of containers in objects of any kind: what kustomize takes for images too, wherever they stand. */

import { isMap, isScalar } from "yaml";
import { type Cursor, childOf, ownEntries, ownItems, textAt } from "./cursor.ts";
import type { Place, Shape } from "./shape.ts";
import { podPlaces } from "./workload.ts";

/** https://github.com/kubernetes-sigs/kustomize/blob/master/api/filters/imagetag/legacy.go */
const lists = ["containers", "initContainers"];

/** Written by the cluster, or a copy. */
const passedOver = new Set(["status", "metadata", "annotations"]);

/** Kinds in which such a list is a pattern to match others by, or a record. */
const patterns = new Set(["ClusterPolicy", "Policy", "ImageStream"]);

export const containers: Shape = (object, { text }) =>
  !text.includes("ontainers") || patterns.has(textAt(object, "kind")) ? [] : placesUnder(object);

function placesUnder(cursor: Cursor): readonly Place[] {
  const own = isMap(cursor.node) && lists.some((list) => holdsImages(childOf(cursor, list)));
  const found = own ? [...podPlaces(cursor)] : [];
  for (const [key, value] of ownEntries(cursor)) {
    if (!isScalar(value.node) && !passedOver.has(key)) found.push(...placesUnder(value));
  }
  for (const item of ownItems(cursor)) if (!isScalar(item.node)) found.push(...placesUnder(item));
  return found;
}

function holdsImages(list: Cursor | null): boolean {
  return list !== null && ownItems(list).some((item) => isMap(item.node) && childOf(item, "image") !== null);
}
