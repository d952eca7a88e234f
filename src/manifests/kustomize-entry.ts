/** What an entry of a kustomization's `images` makes of an image. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/ */

import type { ImageValue } from "../model/update.ts";
import { type Cursor, itemsOf, textAt } from "./cursor.ts";

/** The fields of an entry; empty where one is not given. */
export interface ImageEntry {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly digest: string;
  readonly tagSuffix: string;
}

/** An image as a kustomization finds it: the name as it is written. */
export interface BuiltImage extends ImageValue {
  readonly name: string;
}

export function entriesOf(list: Cursor | null): readonly ImageEntry[] {
  return (list === null ? [] : itemsOf(list)).map((entry) => ({
    name: textAt(entry, "name"),
    newName: textAt(entry, "newName"),
    newTag: textAt(entry, "newTag"),
    digest: textAt(entry, "digest"),
    tagSuffix: textAt(entry, "tagSuffix"),
  }));
}

/** Each entry is applied to what those before it have made. */
export function transformed<T extends BuiltImage>(image: T, entries: readonly ImageEntry[]): T {
  let made = image;
  for (const entry of entries) if (entry.name === made.name) made = { ...made, ...applied(made, entry) };
  return made;
}

/** https://github.com/kubernetes-sigs/kustomize/blob/master/api/filters/imagetag/updater.go */
function applied(image: BuiltImage, entry: ImageEntry): BuiltImage {
  const name = entry.newName || image.name;
  const { newTag, digest, tagSuffix } = entry;
  if (newTag !== "" || digest !== "") return { name, tag: newTag || null, digest: digest || null };
  if (tagSuffix === "") return { ...image, name };
  return { name, tag: `${image.tag ?? "latest"}${tagSuffix}`, digest: null };
}
