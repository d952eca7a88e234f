/** The images at the paths of a kind. */

import { isMap, isScalar } from "yaml";
import { groupOf } from "../model/resource.ts";
import { type Cursor, childOf, itemsOf, ownEntries, textAt, textOf } from "./cursor.ts";
import type { KindPaths } from "./kind-paths.ts";
import type { Place } from "./shape.ts";
import { podPlaces } from "./workload.ts";

/** Whether an object is of one of the kinds. */
export function isOfKind(object: Cursor, { group, kinds }: KindPaths): boolean {
  const apiVersion = textAt(object, "apiVersion");
  return apiVersion !== "" && kinds.includes(textAt(object, "kind")) && groupOf(apiVersion) === group;
}

export function placesAt(object: Cursor, kind: KindPaths): readonly Place[] {
  const found = kind.paths.flatMap((path) => valuesAt(object, path));
  const { image } = kind;
  if (image === undefined) return found.flatMap(placesOf);
  const override = kind.override === undefined ? undefined : valuesAt(object, kind.override)[0];
  return found.flatMap((at): readonly Place[] =>
    override === undefined || textOf(override) === ""
      ? versionPlaces(at, image)
      : [{ type: "reference", at: override, twin: at }],
  );
}

/** The values at the end of a path. */
export function valuesAt(top: Cursor, path: string): readonly Cursor[] {
  let at: readonly Cursor[] = [top];
  for (const step of path.split(/(?<!\\)\./)) at = at.flatMap((cursor) => stepInto(cursor, step));
  return at;
}

function stepInto(cursor: Cursor, step: string): readonly Cursor[] {
  const key = step.replace(/(?:\[\])+$/, "");
  const value = key === "" ? cursor : childOf(cursor, key.replaceAll("\\.", "."));
  let found = key === "*" ? ownEntries(cursor).map(([, own]) => own) : value === null ? [] : [value];
  for (let depth = key.length; depth < step.length; depth += 2) found = found.flatMap(itemsOf);
  return found;
}

/** A reference, an image in parts, or a pod spec. */
export function placesOf(at: Cursor): readonly Place[] {
  if (isScalar(at.node)) return textOf(at) === "" ? [] : [{ type: "reference", at }];
  if (!isMap(at.node)) return [];
  const image = ["repository", "name"].map((key) => textAt(at, key)).find((text) => text !== "");
  if (image === undefined) return podPlaces(at);
  const [tag, digest] = [childOf(at, "tag"), childOf(at, "digest")];
  return [{ type: "parts", map: at, image, tag, digest }];
}

/** Some operators take a whole reference in the place of a version. */
function versionPlaces(at: Cursor, image: string): readonly Place[] {
  const text = textOf(at) ?? "";
  if (text === "") return [];
  if (text.includes("/")) return [{ type: "reference", at }];
  return [{ type: "parts", map: at, image, tag: at, digest: null }];
}
