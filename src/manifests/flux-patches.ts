/** Patches of kustomizations for the objects of Flux: what an ImagePolicy leaves out may be said once, for all of them. */

import { posix } from "node:path";
import { type Cursor, childOf, descend, textAt, textOf, topOf } from "./cursor.ts";
import { parentsOf } from "./kustomize-parents.ts";
import type { Layer } from "./kustomize-tree.ts";
import { labelsAt, parseSelector } from "./label-selector.ts";
import { type Files, type PlacedObject, rememberedFor } from "./repository-objects.ts";
import { decodeText, parseSource } from "./source-file.ts";

/** An object and the strategic merge patches that are laid over it, in order. */
export type Layered = readonly [Cursor, ...Cursor[]];

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
export function patched({ file, object }: PlacedObject, files: Files): Layered {
  const found: Cursor[] = [];
  const paths = new Set([file]);
  for (const path of paths) {
    for (const { folder, layer } of parentsOf(files).get(path) ?? []) {
      if (folder === null || paths.has(folder)) continue;
      paths.add(folder);
      found.push(...patchesOf(layer, folder, object, files));
    }
  }
  return [object, ...found];
}

function patchesOf(layer: Layer, folder: string, object: Cursor, files: Files): readonly Cursor[] {
  const read = readPatches(files);
  return layer.patchItems.flatMap((item) => {
    const known = read.get(item);
    const patch = known === undefined ? readPatch(item, folder, files) : known;
    read.set(item, patch);
    if (patch === null || textAt(patch, "kind") !== textAt(object, "kind")) return [];
    return isMeant(childOf(item, "target"), patch, object) ? [patch] : [];
  });
}

/** One patch is for many objects. */
const readPatches = rememberedFor((): Map<Cursor, Cursor | null> => new Map());

function readPatch(item: Cursor, folder: string, files: Files): Cursor | null {
  const bytes = files.get(posix.join(folder, textAt(item, "path")));
  const text = textAt(item, "patch") || (bytes === undefined ? null : decodeText(bytes)) || "";
  const source = parseSource(text);
  const [document] = source.ok ? source.value.documents : [];
  return document === undefined || document.errors.length > 0 ? null : topOf(document);
}

/** By its target; without one, by the name in the patch. */
function isMeant(target: Cursor | null, patch: Cursor, object: Cursor): boolean {
  const name = textOf(descend(object, ["metadata", "name"])) ?? "";
  if (target === null) return textOf(descend(patch, ["metadata", "name"])) === name;
  const metadata = childOf(object, "metadata");
  const says = (selector: string, key: string): boolean =>
    parseSelector(textAt(target, selector))(metadata === null ? {} : labelsAt(metadata, key));
  return (
    matches(textAt(target, "kind"), textAt(object, "kind")) &&
    matches(textAt(target, "name"), name) &&
    says("labelSelector", "labels") &&
    says("annotationSelector", "annotations")
  );
}

/** A pattern that is more than a name with `.*` in it is taken to match nothing. */
function matches(pattern: string, text: string): boolean {
  if (pattern === "") return true;
  const literal = pattern.replace(/^\^|\$$/g, "");
  if (!/^[\w.*-]{1,253}$/.test(literal) || /(?<!\.)\*|\*.*\*/.test(literal)) return false;
  const [head = "", tail] = literal.split(".*");
  if (tail === undefined) return text === head;
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
