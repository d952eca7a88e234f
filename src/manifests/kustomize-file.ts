/** The images that kustomize finds in a file: those in every list of containers. */

import { parseImageReference } from "../model/image.ts";
import { blankDocuments } from "./blank-documents.ts";
import { type Cursor, ownEntries, ownItems, textOf, topOf } from "./cursor.ts";
import type { BuiltImage } from "./kustomize-entry.ts";
import { isDefinition } from "./definition.ts";
import { type Files, rememberedFor } from "./repository-objects.ts";
import { decodeText, parseSource } from "./source-file.ts";

/** A file that cannot be read has none. */
export function fileImages(path: string, files: Files): readonly BuiltImage[] {
  const known = readFiles(files);
  const found = known.get(path) ?? readImages(files.get(path));
  known.set(path, found);
  return found;
}

const readFiles = rememberedFor((): Map<string, readonly BuiltImage[]> => new Map());

function readImages(bytes: Uint8Array | undefined): readonly BuiltImage[] {
  const text = bytes === undefined ? null : decodeText(bytes);
  const running = text === null ? null : blankDocuments(text, mayRun);
  const source = text === null || running === null ? null : parseSource(text, running);
  if (source?.ok !== true) return [];
  return source.value.documents.flatMap((document) => {
    const top = document.errors.length > 0 ? null : topOf(document);
    return top === null ? [] : containerImages(top).flatMap(builtImage);
  });
}

function mayRun(document: string): boolean {
  return document.includes("image") && !isDefinition(document);
}

function builtImage(text: string): readonly BuiltImage[] {
  const parsed = parseImageReference(text);
  if (!parsed.ok) return [];
  const { name, tag = null, digest = null } = parsed.value;
  return [{ name, tag, digest }];
}

const containerList = /^(?:initContainers|containers)$/;

function containerImages(cursor: Cursor): readonly string[] {
  return [
    ...ownItems(cursor).flatMap(containerImages),
    ...ownEntries(cursor).flatMap(([key, value]) => [
      ...(containerList.test(key) ? ownItems(value).flatMap(imageOf) : []),
      ...containerImages(value),
    ]),
  ];
}

function imageOf(container: Cursor): readonly string[] {
  const image = ownEntries(container).find(([key]) => key === "image");
  return image === undefined ? [] : [textOf(image[1]) ?? ""];
}
