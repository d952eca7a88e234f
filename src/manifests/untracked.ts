/** What looks like an image where no shape looks: told, so that nothing is passed over in silence. */

import { isScalar } from "yaml";
import { type Cursor, childOf, ownEntries, ownItems, textAt, textOf } from "./cursor.ts";
import { holdsImages } from "./embedded-text.ts";
import { looksLikeImage } from "./image-text.ts";
import type { Place, Shape } from "./shape.ts";

/** What a cluster writes itself, what describes an object without running anything, and what Knative shows and does not read. */
const notRun = new Set(["status", "metadata", "sops", "annotations", "_example"]);

/** Kinds whose entries are records of images, or images without a version, on purpose. */
const records = new Set(["ImageStream", "ImageRepository", "ImagePolicy", "ImageUpdateAutomation"]);

export const untracked: Shape = (object, { file }) => {
  if (/(?:^|\/)Chart\.ya?ml$/.test(file)) return chartPlaces(object);
  return records.has(textAt(object, "kind")) ? [] : placesUnder(object, "", notRun);
};

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
    else if (listsImage(text))
      found.push({ type: "skipped", at: cursor.node, reason: "an image in a text that is no YAML" });
    return found;
  }
  if (isImageKey(name)) found.push(...partPlaces(cursor));
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

/** A line of a text that is a reference with its registry, and nothing else. */
const imageLine =
  /^[ \t]*(?:[-*][ \t]+)?([\w.-]{1,200}[.:][\w./-]{1,300}(?::|@sha256:)\w[\w.-]{0,127})[ \t]*\r?$/gm;

function listsImage(text: string): boolean {
  if (!text.includes("\n") || !text.includes("/")) return false;
  for (const [, line = ""] of text.matchAll(imageLine)) if (looksLikeImage(line, "")) return true;
  return false;
}

/** `linux:docker://node:20`, as the runners of CI systems take it. */
function withoutLabel(text: string): string {
  return text.slice(Math.max(0, text.indexOf("docker://")));
}
