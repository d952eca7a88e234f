/** Entries of a kustomization's `images`. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/ */

import { type Cursor, childOf, itemsOf, textAt } from "./cursor.ts";
import type { ImageValue } from "../model/update.ts";
import type { Place } from "./shape.ts";

/** The value that an image of this name has in what the kustomization builds on; null where it is not there. */
export type FindBase = (name: string) => ImageValue | null;

export function kustomizeEntries(list: Cursor | null, findBase: FindBase): readonly Place[] {
  return (list === null ? [] : itemsOf(list)).map((entry) => entryPlace(entry, findBase));
}

function entryPlace(map: Cursor, findBase: FindBase): Place {
  const name = textAt(map, "name");
  const image = textAt(map, "newName") || name;
  const [tag, digest] = [childOf(map, "newTag"), childOf(map, "digest")];
  const skipped = (reason: string): Place => ({ type: "skipped", at: map.node, reason });
  if (tag !== null || digest !== null) return { type: "parts", map, image, tag, digest };
  if (textAt(map, "tagSuffix") !== "") return skipped("adds a suffix to the version of its base");
  if (textAt(map, "newName") === "") return skipped("an entry that sets no version");
  const base = findBase(name);
  if (base?.digest) return skipped("its version is the base's, which pins a digest");
  if (base?.tag == null) return skipped("its version stands in a base that is not in this repository");
  return { type: "parts", map, image, tag, digest, inherited: { tag: base.tag, map, key: "newTag" } };
}
