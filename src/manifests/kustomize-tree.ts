/** Kustomizations and what each takes in: the layers of a repository's manifests. */

import { posix } from "node:path";
import { type Cursor, childOf, itemsOf, textAt, textOf, topOf } from "./cursor.ts";
import { type ImageEntry, entriesOf } from "./kustomize-entry.ts";
import { type Files, rememberedFor } from "./repository-objects.ts";
import { decodeText, parseSource } from "./source-file.ts";

/** One kustomization file. Paths are from the top of the repository; remote ones are left out. */
export interface Layer {
  readonly isComponent: boolean;
  /** Files, and folders with a kustomization of their own, whose objects are built into the result. */
  readonly resources: readonly string[];
  /** Folders: what they say is done to the objects of the layer too. */
  readonly components: readonly string[];
  /** Files that change objects of the layer. */
  readonly patches: readonly string[];
  readonly images: readonly ImageEntry[];
  /** The items of `patches`. */
  readonly patchItems: readonly Cursor[];
}

/** https://github.com/kubernetes-sigs/kustomize/blob/master/api/konfig/general.go */
export const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

export function isKustomizationFile(file: string): boolean {
  return kustomizationNames.some((name) => name === posix.basename(file));
}

const layersOf = rememberedFor((): Map<string, Layer | null> => new Map());

/** The kustomization of a folder; null where there is none that can be read. */
export function layerOf(folder: string, files: Files): Layer | null {
  const known = layersOf(files);
  const found = known.get(folder);
  if (found !== undefined) return found;
  const read = readLayer(folder, files);
  known.set(folder, read);
  return read;
}

/**
 * The files that the kustomization of a folder takes in, those of the folders that it names included, each once. Remote
 * bases and what is not in the repository are left out.
 */
export function kustomizedFiles(folder: string, files: Files): readonly string[] {
  const found = new Set<string>();
  const folders = new Set([posix.normalize(folder)]);
  for (const at of folders) {
    const layer = layerOf(at, files);
    for (const path of layer === null ? [] : [...layer.resources, ...layer.components, ...layer.patches])
      (files.has(path) ? found : folders).add(path);
  }
  return [...found];
}

function readLayer(folder: string, files: Files): Layer | null {
  const name = kustomizationNames.find((one) => files.has(posix.join(folder, one)));
  const bytes = name === undefined ? undefined : files.get(posix.join(folder, name));
  const text = bytes === undefined ? null : decodeText(bytes);
  const source = text === null ? null : parseSource(text);
  const document = source?.ok === true ? source.value.documents[0] : undefined;
  const top = document === undefined ? null : topOf(document);
  if (top === null) return null;
  const listed = (...keys: readonly string[]): readonly string[] =>
    keys.flatMap((key) => textsIn(childOf(top, key))).flatMap((text) => pathFrom(folder, text) ?? []);
  return {
    isComponent: textAt(top, "kind") === "Component",
    resources: listed("resources", "bases"),
    components: listed("components"),
    patches: listed("patches", "patchesStrategicMerge", "patchesJson6902"),
    images: entriesOf(childOf(top, "images")),
    patchItems: itemsAt(childOf(top, "patches")),
  };
}

/** The items of a list, or what each has under `path`. */
function textsIn(list: Cursor | null): readonly string[] {
  return itemsAt(list).map((item) => textOf(item) ?? textAt(item, "path"));
}

function itemsAt(list: Cursor | null): readonly Cursor[] {
  return list === null ? [] : itemsOf(list);
}

function pathFrom(folder: string, text: string): string | null {
  if (text === "" || /[\n:]/.test(text)) return null;
  const path = folderPath(posix.join(folder, text));
  return path === ".." || path.startsWith("../") ? null : path;
}

/** A path from the top of the repository as files have it; `.` for the top. */
export function folderPath(text: string): string {
  return posix.normalize(text || ".").replace(/^\/|(?<=.)\/$/g, "") || ".";
}
