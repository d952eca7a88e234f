/** Kustomizations and components: their images, and the patches that they hold as text. */

import { posix } from "node:path";
import { isScalar } from "yaml";
import { type Cursor, childOf, itemsOf, textAt, textOf } from "./cursor.ts";
import { baseImages } from "./kustomize-base.ts";
import { kustomizeEntries } from "./kustomize-images.ts";
import { isKustomizationFile } from "./kustomize-tree.ts";
import type { Context, Place, Shape } from "./shape.ts";

export const kustomize: Shape = (object, context) => {
  const folder = rootOf(object, context);
  if (folder === null) return [];
  const spec = folder.spec;
  const images = folder.path === null ? () => null : baseImages(folder.path, context.files);
  return [...kustomizeEntries(childOf(spec, "images"), images), ...patchPlaces(spec)];
};

interface Root {
  /** The map that has the fields of a kustomization. */
  readonly spec: Cursor;
  /** The folder of the kustomization. */
  readonly path: string | null;
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
    return { spec: object, path: posix.dirname(file) };
  if (kind !== "Kustomization" || !apiVersion.startsWith("kustomize.toolkit.fluxcd.io/")) return null;
  const spec = childOf(object, "spec");
  const path = spec === null ? "" : textAt(spec, "path");
  return spec === null
    ? null
    : { spec, path: path === "" ? null : posix.normalize(path).replace(/^\/|\/$/g, "") };
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
