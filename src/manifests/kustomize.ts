/** Kustomizations and components: their images, and the patches that they hold as text. */

import { posix } from "node:path";
import { isScalar } from "yaml";
import { type Cursor, childOf, itemsOf, textAt, textOf } from "./cursor.ts";
import { baseImages, folderImages } from "./kustomize-base.ts";
import type { BuiltImage } from "./kustomize-entry.ts";
import { kustomizeEntries } from "./kustomize-images.ts";
import { folderPath, isKustomizationFile } from "./kustomize-tree.ts";
import type { Files } from "./repository-objects.ts";
import type { Context, Place, Shape } from "./shape.ts";

export const kustomize: Shape = (object, context) => {
  const folder = rootOf(object, context);
  if (folder === null) return [];
  const spec = folder.spec;
  const base = (): readonly BuiltImage[] => baseOf(folder, context.files);
  return [...kustomizeEntries(childOf(spec, "images"), base), ...patchPlaces(spec)];
};

interface Root {
  /** The map that has the fields of a kustomization. */
  readonly spec: Cursor;
  /** The folder of the kustomization, or the one that an object has built. */
  readonly path: string;
  readonly isObject: boolean;
}

function baseOf({ path, isObject }: Root, files: Files): readonly BuiltImage[] {
  return isObject ? folderImages(path, files) : baseImages(path, files);
}

/** A kustomization file may leave out its kind; Flux has the same fields in an object that points at a folder. */
function rootOf(object: Cursor, { file }: Context): Root | null {
  const kind = textAt(object, "kind");
  const apiVersion = textAt(object, "apiVersion");
  const named = kind === "" && isKustomizationFile(file);
  if (
    named ||
    (apiVersion.startsWith("kustomize.config.k8s.io/") && /^(?:Kustomization|Component)$/.test(kind))
  )
    return { spec: object, path: posix.dirname(file), isObject: false };
  if (kind !== "Kustomization" || !apiVersion.startsWith("kustomize.toolkit.fluxcd.io/")) return null;
  const spec = childOf(object, "spec");
  if (spec === null) return null;
  return { spec, path: folderPath(textAt(spec, "path")), isObject: true };
}

/** Patches as text: in `patch`, or an item by itself; an item of one line is the name of a file. */
function patchPlaces(spec: Cursor): readonly Place[] {
  const lists = ["patches", "patchesStrategicMerge", "patchesJson6902"].flatMap(
    (key) => childOf(spec, key) ?? [],
  );
  return lists.flatMap(itemsOf).flatMap((item): readonly Place[] => {
    const at = isScalar(item.node) ? item : childOf(item, "patch");
    return at !== null && /\n|^\s*[{[]/.test(textOf(at) ?? "") ? [{ type: "embedded", at }] : [];
  });
}
