/** Tekton's tasks and pipelines that are taken from a registry. https://tekton.dev/docs/pipelines/bundle-resolver/ */

import { groupOf } from "../model/resource.ts";
import { type Cursor, childOf, itemsOf, ownEntries, ownItems, textAt } from "./cursor.ts";
import type { Place, Shape } from "./shape.ts";

export const tektonBundle: Shape = (object) =>
  groupOf(textAt(object, "apiVersion")) === "tekton.dev" ? placesUnder(object) : [];

function placesUnder(cursor: Cursor): readonly Place[] {
  const own = textAt(cursor, "resolver") === "bundles" ? bundlePlaces(cursor) : [];
  const inner = [...ownEntries(cursor).map(([, value]) => value), ...ownItems(cursor)];
  return [...own, ...inner.flatMap(placesUnder)];
}

function bundlePlaces(reference: Cursor): readonly Place[] {
  const list = childOf(reference, "params");
  const params = list === null ? [] : itemsOf(list);
  return params.flatMap((param): readonly Place[] => {
    const at = textAt(param, "name") === "bundle" ? childOf(param, "value") : null;
    return at === null ? [] : [{ type: "reference", at }];
  });
}
