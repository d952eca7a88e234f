/** Who takes in a manifest: kustomizations, and objects that have a folder built and change its images. */

import { posix } from "node:path";
import { parseImageReference } from "../model/image.ts";
import { type Cursor, childOf, descend, itemsOf, textAt, textOf } from "./cursor.ts";
import { type ImageEntry, entriesOf } from "./kustomize-entry.ts";
import { type Layer, folderPath, isKustomizationFile, layerOf } from "./kustomize-tree.ts";
import { type Files, objectsWith, rememberedFor } from "./repository-objects.ts";

export interface Parent {
  /** Of the kustomization; null for an object, as nothing builds on one. */
  readonly folder: string | null;
  readonly layer: Layer;
}

/** By the files and folders that they take in. */
export const parentsOf = rememberedFor((files: Files): ReadonlyMap<string, readonly Parent[]> => {
  const found = new Map<string, Parent[]>();
  for (const parent of [...kustomizations(files), ...objectParents(files)]) {
    const { resources, components, patches } = parent.layer;
    for (const path of new Set([...resources, ...components, ...patches]))
      found.set(path, [...(found.get(path) ?? []), parent]);
  }
  return found;
});

/** The names that any of them replaces: for all others nothing need be looked up. */
export const replacedNames = rememberedFor((files: Files): ReadonlySet<string> => {
  const renaming = new Map([...files].filter(([, bytes]) => holds(bytes, "newName")));
  const argo = new Map([...files].filter(([, bytes]) => holds(bytes, "kustomize:")));
  const layers = [...renaming.keys()]
    .filter(isKustomizationFile)
    .flatMap((file) => layerOf(posix.dirname(file), files) ?? []);
  const objects = [...fluxParents(renaming), ...argoParents(argo)].map(({ layer }) => layer);
  const entries = [...layers, ...objects].flatMap(({ images }) => images);
  return new Set(entries.flatMap(({ name, newName }) => (newName === "" || newName === name ? [] : [name])));
});

function holds(bytes: Uint8Array, word: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(word);
}

function kustomizations(files: Files): readonly Parent[] {
  return [...files.keys()].filter(isKustomizationFile).flatMap((file) => {
    const folder = posix.dirname(file);
    const layer = layerOf(folder, files);
    return layer === null ? [] : [{ folder, layer }];
  });
}

function objectParents(files: Files): readonly Parent[] {
  return [...fluxParents(files), ...argoParents(files)];
}

/** https://fluxcd.io/flux/components/kustomize/kustomizations/#images */
function fluxParents(files: Files): readonly Parent[] {
  return objectsWith("kustomize.toolkit.fluxcd.io/", files).flatMap(({ object }) => {
    const spec = textAt(object, "kind") === "Kustomization" ? childOf(object, "spec") : null;
    return spec === null ? [] : [objectParent(textAt(spec, "path"), entriesOf(childOf(spec, "images")))];
  });
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/ */
function argoParents(files: Files): readonly Parent[] {
  return objectsWith("argoproj.io/v1alpha1", files).flatMap(({ object }) => {
    const spec = textAt(object, "kind") === "Application" ? childOf(object, "spec") : null;
    if (spec === null) return [];
    const several = childOf(spec, "sources");
    const sources = [childOf(spec, "source"), ...(several === null ? [] : itemsOf(several))];
    return sources.flatMap((source) =>
      source === null || textAt(source, "path") === ""
        ? []
        : [objectParent(textAt(source, "path"), argoEntries(descend(source, ["kustomize", "images"])))],
    );
  });
}

/** `name=newName:newTag@digest`, or without the first part. */
function argoEntries(list: Cursor | null): readonly ImageEntry[] {
  return (list === null ? [] : itemsOf(list)).flatMap((item) => {
    const text = textOf(item) ?? "";
    const parsed = parseImageReference(text.slice(text.indexOf("=") + 1));
    if (!parsed.ok) return [];
    const { name: newName, tag: newTag = "", digest = "" } = parsed.value;
    const name = text.includes("=") ? text.slice(0, text.indexOf("=")) : newName;
    return [{ name, newName, newTag, digest, tagSuffix: "" }];
  });
}

function objectParent(path: string, images: readonly ImageEntry[]): Parent {
  const none = { isComponent: false, components: [], patches: [], patchItems: [] };
  return { folder: null, layer: { ...none, resources: [folderPath(path)], images } };
}
