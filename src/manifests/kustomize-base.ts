/** The images of what a kustomization builds on, as those below it have made them. */

import { type BuiltImage, transformed } from "./kustomize-entry.ts";
import { fileImages } from "./kustomize-file.ts";
import { parentsOf } from "./kustomize-parents.ts";
import { type Layer, layerOf } from "./kustomize-tree.ts";
import { type Files, rememberedFor } from "./repository-objects.ts";

/** Bases of bases: no repository has more of them, and a chain of thousands is an attack. */
const deepest = 50;

/** The images that the entries of a folder's kustomization are applied to, each once. */
export function baseImages(folder: string, files: Files): readonly BuiltImage[] {
  const layer = layerOf(folder, files);
  if (layer === null) return [];
  const own = takenIn(layer, { files, depth: 0 }, []);
  return layer.isComponent ? distinct([...own, ...imagesBefore(folder, files)]) : own;
}

/** What the kustomizations that have a component have made by then. */
function imagesBefore(component: string, files: Files): readonly BuiltImage[] {
  const users = (parentsOf(files).get(component) ?? []).map(({ layer }) => layer);
  return users.flatMap((user) => {
    const components = user.components.slice(0, Math.max(0, user.components.indexOf(component)));
    return takenIn({ ...user, components }, { files, depth: 0 }, []);
  });
}

/**
 * The images that Flux builds from a folder: without a kustomization, from all manifests in it, folders with one apart.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
 */
export function folderImages(folder: string, files: Files): readonly BuiltImage[] {
  if (layerOf(folder, files) !== null) return builtImages(folder, files);
  const prefix = folder === "." ? "" : `${folder}/`;
  const manifests = [...files.keys()].filter((file) => file.startsWith(prefix) && /\.ya?ml$/.test(file));
  const roots = new Set(manifests.map((file) => rootOf(file, prefix, files)));
  return distinct(
    [...roots].flatMap((path) => (files.has(path) ? fileImages(path, files) : builtImages(path, files))),
  );
}

/** The first folder on the way to a file that has a kustomization, or the file itself. */
function rootOf(file: string, prefix: string, files: Files): string {
  const steps = file.slice(prefix.length).split("/");
  const folders = steps.slice(1).map((_, depth) => prefix + steps.slice(0, depth + 1).join("/"));
  return folders.find((path) => layerOf(path, files) !== null) ?? file;
}

/** The images that come out of a folder's kustomization. */
function builtImages(folder: string, files: Files, depth = 0): readonly BuiltImage[] {
  const layer = depth > deepest ? null : layerOf(folder, files);
  if (layer === null) return [];
  const known = builtFolders(files);
  const found = known.get(folder);
  if (found !== undefined) return found;
  known.set(folder, []);
  const taken = takenIn(layer, { files, depth }, []);
  const built = distinct(taken.map((image) => transformed(image, layer.images)));
  known.set(folder, built);
  return built;
}

const builtFolders = rememberedFor((): Map<string, readonly BuiltImage[]> => new Map());

interface Building {
  readonly files: Files;
  readonly depth: number;
}

/** Resources come first; then each component adds its own and changes all that are there by then. */
function takenIn(
  layer: Layer,
  { files, depth }: Building,
  before: readonly BuiltImage[],
): readonly BuiltImage[] {
  const inner = { files, depth: depth + 1 };
  let images = [
    ...before,
    ...layer.resources.flatMap((path) =>
      files.has(path) ? fileImages(path, files) : builtImages(path, files, inner.depth),
    ),
  ];
  for (const path of depth > deepest ? [] : layer.components) {
    const component = layerOf(path, files);
    if (component === null) continue;
    const taken = takenIn(component, inner, images);
    images = taken.map((image) => transformed(image, component.images));
  }
  return distinct(images);
}

function distinct(images: readonly BuiltImage[]): readonly BuiltImage[] {
  return [...new Map(images.map((image) => [[image.name, image.tag, image.digest].join(), image])).values()];
}
