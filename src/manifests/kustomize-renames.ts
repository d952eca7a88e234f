/** Whether the name that a manifest has for an image is one that kustomizations replace: no registry has such an image. */

import { posix } from "node:path";
import type { Occurrence } from "../model/update.ts";
import { type ImageEntry, transformed } from "./kustomize-entry.ts";
import { type Parent, parentsOf, replacedNames } from "./kustomize-parents.ts";
import { type Layer, isKustomizationFile, layerOf } from "./kustomize-tree.ts";
import type { Files } from "./repository-objects.ts";

/** Layers upon layers: no repository has more of them. */
const highest = 50;

/** True where everything that is built with an occurrence gives its image another name. */
export function isReplaced({ file, path, image }: Occurrence, files: Files): boolean {
  if (!replacedNames(files).has(image)) return false;
  const climbing = { files, known: new Map<string, ReadonlySet<string>>() };
  if (!isKustomizationFile(file)) {
    const names = namesAbove(file, image, climbing);
    return names.size > 0 && !names.has(image);
  }
  const folder = posix.dirname(file);
  const name = renamed(image, ownEntries(layerOf(folder, files), path));
  const names = namesAbove(folder, name, climbing);
  return names.size > 0 ? !names.has(image) : name !== image;
}

/** Those of a kustomization's entries that come after an occurrence in it: an entry itself, or a patch. */
function ownEntries(layer: Layer | null, path: string): readonly ImageEntry[] {
  const entry = /^\d+\/images\/(\d+)$/.exec(path)?.[1];
  return layer?.images.slice(entry === undefined ? 0 : Number(entry) + 1) ?? [];
}

interface Climbing {
  readonly files: Files;
  /** The answers by path and name, so that what is taken in twice is followed once. */
  readonly known: Map<string, ReadonlySet<string>>;
}

/** The names that an image has in what is built on a file or folder at last; none where nothing takes it in. */
function namesAbove(path: string, name: string, climbing: Climbing, height = 0): ReadonlySet<string> {
  const key = `${path} ${name}`;
  const found = climbing.known.get(key);
  if (found !== undefined || height > highest) return found ?? new Set([name]);
  climbing.known.set(key, new Set());
  const names = takersOf(path, climbing.files).flatMap(({ folder, layer }) => {
    const next = renamed(name, entriesOfAll(layer, climbing.files));
    const above = folder === null ? [] : [...namesAbove(folder, next, climbing, height + 1)];
    return above.length > 0 || layer.isComponent ? above : [next];
  });
  const all = new Set(names);
  climbing.known.set(key, all);
  return all;
}

/** Those who name a path; for a file that none names, those who take in a whole folder around it. */
function takersOf(path: string, files: Files): readonly Parent[] {
  const parents = parentsOf(files);
  let at = path;
  for (;;) {
    const found = parents.get(at);
    if (found !== undefined) return found;
    if (at === "." || at === "/") return [];
    at = posix.dirname(at);
    if (layerOf(at, files) !== null) return [];
  }
}

/** A layer's components change its images before it does. */
function entriesOfAll(layer: Layer, files: Files, depth = 0): readonly ImageEntry[] {
  const components = depth > highest ? [] : layer.components;
  const before = components.flatMap((path) => {
    const component = layerOf(path, files);
    return component === null ? [] : entriesOfAll(component, files, depth + 1);
  });
  return [...before, ...layer.images];
}

function renamed(name: string, entries: readonly ImageEntry[]): string {
  return transformed({ name, tag: null, digest: null }, entries).name;
}
