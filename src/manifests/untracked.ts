/** What looks like an image where no shape looks: told, so that nothing is passed over in silence. */

import { isScalar } from "yaml";
import { parseImageReference } from "../model/image.ts";
import { type Cursor, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import type { Place, Shape } from "./shape.ts";

/** What a cluster writes itself, and what describes an object without running anything. */
const notRun = new Set(["status", "metadata", "sops", "annotations"]);

/** Kinds whose entries are records of images, or images without a version, on purpose. */
const records = new Set(["ImageStream", "ImageRepository", "ImagePolicy", "ImageUpdateAutomation"]);

export const untracked: Shape = (object, { file }) => {
  if (/(?:^|\/)Chart\.ya?ml$/.test(file)) return chartPlaces(object);
  return records.has(textAt(object, "kind")) ? [] : placesUnder(object, "", notRun);
};

/** A chart's own versions are its author's. */
function chartPlaces(chart: Cursor): readonly Place[] {
  const version = ownEntries(chart).find(([key]) => key === "appVersion" || key === "dependencies");
  const reason = "a chart's versions: followed only where asked";
  return version === undefined ? [] : [{ type: "skipped", at: version[1].node, reason }];
}

function placesUnder(cursor: Cursor, name: string, passedOver: ReadonlySet<string>): readonly Place[] {
  const found: Place[] = [];
  if (isScalar(cursor.node)) {
    if (looksLikeImage(textOf(cursor) ?? "", name)) found.push({ type: "reference", at: cursor });
    return found;
  }
  for (const [key, value] of ownEntries(cursor)) {
    if (!passedOver.has(key)) found.push(...placesUnder(value, key, inner));
  }
  for (const item of ownItems(cursor)) found.push(...placesUnder(item, name, inner));
  return found;
}

/** Copies of manifests in annotations, at any depth. */
const inner = new Set(["annotations"]);

/**
 * A key that says image, or a name that begins with the host of a registry; with a version in either case. What is cheap to
 * see is asked first: every scalar of a repository comes by here.
 */
function looksLikeImage(text: string, key: string): boolean {
  if (text.length > 1024 || !/[:@]/.test(text)) return false;
  const name = text.replace(/^(?:oci|docker):\/\//, "");
  if (!/image(?:name)?$/i.test(key) && !/^[^/]*\.[^/]*[a-z][^/]*\/|^[^/]*:\d+\//.test(name)) return false;
  const parsed = parseImageReference(name);
  return parsed.ok && (parsed.value.tag ?? parsed.value.digest) !== undefined;
}
