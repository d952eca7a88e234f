/** Manifests and values within strings: patches, entries of ConfigMaps, templates of other tools. */

import { isScalar } from "yaml";
import { type Cursor, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { imagePlaces } from "./helm-image.ts";
import type { Place, Shape } from "./shape.ts";

/** Written by the cluster, or copies; `_example` is what the ConfigMaps of Knative show and do not read. */
const passedOver = new Set(["status", "metadata", "annotations", "_example"]);

export const embeddedText: Shape = (object, { text }) => (blockOrJson.test(text) ? placesUnder(object) : []);

/** No string of a file can hold a manifest without one of them. */
const blockOrJson = /[:-][ \t]+(?:[&!]\S+[ \t]+)?[|>]|["'][ \t]*[[{]|\\n/;

function placesUnder(cursor: Cursor): readonly Place[] {
  if (isScalar(cursor.node)) {
    return holdsImages(textOf(cursor) ?? "")
      ? [
          { type: "embedded", at: cursor },
          { type: "embedded", at: cursor, find: plainValues },
        ]
      : [];
  }
  const entries = ownEntries(cursor).filter(([key]) => !passedOver.has(key));
  return [...entries.map(([, value]) => value), ...ownItems(cursor)].flatMap(placesUnder);
}

/** What is no object has images where values of charts would have them. */
const plainValues: Shape = (object, context) =>
  textAt(object, "apiVersion") !== "" && textAt(object, "kind") !== "" ? [] : imagePlaces(object, context);

/** The key of an image with a reference, or those of its parts; the lengths keep a search through a long line short. */
const literal =
  /image[\w-]{0,40}["']?\s{0,100}:\s{0,100}(?:[&!|>]\S{0,100}\s{1,100}){0,3}["']?[\w./:-]{1,300}[:@]\w/i;
const repository = /repository["']?\s{0,100}:\s{0,100}["']?\w/i;
const version = /(?:tag|version|digest)["']?\s{0,100}:/i;

/** Whether a text of several lines, or of JSON, may say which image runs. */
export function holdsImages(text: string): boolean {
  if (!/\n|^\s*[[{]/.test(text)) return false;
  return literal.test(text) || (repository.test(text) && version.test(text));
}
