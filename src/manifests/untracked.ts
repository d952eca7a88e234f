/** What looks like an image where no shape looks: told, so that nothing is passed over in silence. */

import { isScalar } from "yaml";
import { isTag } from "../model/image.ts";
import { type Cursor, childOf, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { holdsImages } from "./embedded-text.ts";
import { isHosted, looksLikeImage, namesImage } from "./image-text.ts";
import type { Place, Shape } from "./shape.ts";

/** What a cluster writes itself, what describes an object without running anything, and what Knative shows and does not read. */
const notRun = new Set(["status", "metadata", "sops", "annotations", "_example"]);

/** Kinds of Flux that name images without a version, on purpose. */
const records = new Set(["ImageRepository", "ImagePolicy", "ImageUpdateAutomation"]);

export const untracked: Shape = (object, { file }) => {
  if (/(?:^|\/)Chart\.ya?ml$/.test(file)) return chartPlaces(object);
  if (textAt(object, "kind") === "ImageStream")
    return [{ type: "skipped", at: object.node, reason: recordReason }];
  return records.has(textAt(object, "kind")) ? [] : placesUnder(object, "", notRun);
};

const recordReason = "a record of images: each of its versions stays";

/** A chart's own versions are its author's. */
function chartPlaces(chart: Cursor): readonly Place[] {
  const reason = "a chart's versions: followed only where asked";
  return ownEntries(chart).flatMap(([key, { node }]): readonly Place[] =>
    key === "appVersion" || key === "dependencies" ? [{ type: "skipped", at: node, reason }] : [],
  );
}

function placesUnder(cursor: Cursor, name: string, passedOver: ReadonlySet<string>): readonly Place[] {
  const found: Place[] = [];
  if (isScalar(cursor.node)) {
    const text = textOf(cursor) ?? "";
    if (looksLikeImage(text, name)) found.push({ type: "reference", at: cursor });
    else if (looksLikeImage(withoutLabel(text), name))
      found.push({ type: "skipped", at: cursor.node, reason: "an image in the label of a runner" });
    else if (holdsImages(text)) found.push({ type: "embedded", at: cursor, find: untracked });
    else if (namesImage(text)) found.push({ type: "skipped", at: cursor.node, reason: "an image in a text" });
    return found;
  }
  if (isImageKey(name)) found.push(...partPlaces(cursor));
  found.push(...hubPlaces(cursor));
  for (const [key, value] of ownEntries(cursor)) {
    if (!passedOver.has(key)) found.push(...placesUnder(value, key, inner));
  }
  for (const item of ownItems(cursor)) found.push(...placesUnder(item, name, inner));
  return found;
}

/** Copies of manifests, at any depth. */
const inner = new Set(["annotations", "_example"]);

function isImageKey(name: string): boolean {
  return /images?$/i.test(name);
}

/** An image in parts. */
function partPlaces(map: Cursor): readonly Place[] {
  const [tag, digest] = [childOf(map, "tag"), childOf(map, "digest")];
  const image = textAt(map, "repository");
  if (image === "" || (textOf(tag) || textOf(digest) || "") === "") return [];
  return [{ type: "parts", map, image, tag, digest }];
}

/** What Istio puts before and behind the names of all its images. */
function hubPlaces(map: Cursor): readonly Place[] {
  const tag = childOf(map, "tag");
  const isHub = tag !== null && isHosted(`${textAt(map, "hub")}/`) && isTag(textOf(tag) ?? "");
  return isHub ? [{ type: "skipped", at: tag.node, reason: "the tag of several images" }] : [];
}

/** `linux:docker://node:20`, as the runners of CI systems take it. */
function withoutLabel(text: string): string {
  return text.slice(Math.max(0, text.indexOf("docker://")));
}
