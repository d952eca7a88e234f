/** The version of an image in what a kustomization builds on. */

import type { ImageValue } from "../model/update.ts";
import { parseImageReference } from "../model/image.ts";
import { type Cursor, ownEntries, ownItems, textOf, topOf } from "./cursor.ts";
import type { FindBase } from "./kustomize-images.ts";
import { kustomizedFiles } from "./kustomize-tree.ts";
import { decodeText, parseSource } from "./source-file.ts";

type Files = ReadonlyMap<string, Uint8Array>;

/**
 * Looks for an image in the files that a kustomization takes in, as kustomize does: in every list of containers. Null where
 * there is none, or where the base has it in several versions. The files are read when the first name is asked for.
 */
export function baseImages(folder: string, files: Files): FindBase {
  let known: ReadonlyMap<string, readonly ImageValue[]> | null = null;
  return (name) => {
    known ??= readImages(kustomizedFiles(folder, files), files);
    const [first, ...others] = known.get(name) ?? [];
    const same = others.every((other) => other.tag === first?.tag && other.digest === first.digest);
    return first === undefined || !same ? null : first;
  };
}

function readImages(paths: readonly string[], files: Files): ReadonlyMap<string, readonly ImageValue[]> {
  const found = new Map<string, ImageValue[]>();
  for (const image of paths.flatMap((path) => imagesOf(files.get(path)))) {
    const parsed = parseImageReference(image);
    if (!parsed.ok) continue;
    const { name, tag = null, digest = null } = parsed.value;
    found.set(name, [...(found.get(name) ?? []), { tag, digest }]);
  }
  return found;
}

function imagesOf(bytes: Uint8Array | undefined): readonly string[] {
  const text = bytes === undefined ? null : decodeText(bytes);
  const source = text === null || !text.includes("image") ? null : parseSource(text);
  if (source?.ok !== true) return [];
  return source.value.documents.flatMap((document) => {
    const top = document.errors.length > 0 ? null : topOf(document);
    return top === null ? [] : containerImages(top);
  });
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
