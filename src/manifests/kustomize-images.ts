/** Entries of a kustomization's `images`. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/ */

import { type Cursor, childOf, itemsOf, textAt } from "./cursor.ts";
import { type BuiltImage, entriesOf, transformed } from "./kustomize-entry.ts";
import type { Place } from "./shape.ts";

/** The images that the entries are applied to; asked for only where one of them is needed. */
export type FindBase = () => readonly BuiltImage[];

export function kustomizeEntries(list: Cursor | null, findBase: FindBase): readonly Place[] {
  const entries = entriesOf(list);
  return (list === null ? [] : itemsOf(list)).map((entry, index) =>
    entryPlace(entry, () =>
      findBase()
        .map((image) => transformed(image, entries.slice(0, index)))
        .filter(({ name }) => name === entries[index]?.name),
    ),
  );
}

function entryPlace(map: Cursor, findOwn: FindBase): Place {
  const image = textAt(map, "newName") || textAt(map, "name");
  const [tag, digest] = [childOf(map, "newTag"), childOf(map, "digest")];
  const skipped = (reason: string): Place => ({ type: "skipped", at: map.node, reason });
  if (tag !== null || digest !== null) return { type: "parts", map, image, tag, digest };
  if (textAt(map, "tagSuffix") !== "") return skipped("adds a suffix to the version of its base");
  if (textAt(map, "newName") === "") return skipped("an entry that sets no version");
  const [base, ...others] = findOwn();
  if (others.length > 0) return skipped("its base has it in several versions");
  if (base === undefined || (base.tag ?? base.digest) === null)
    return skipped("its version stands in a base that is not in this repository");
  const inherited = { tag: base.tag, digest: base.digest, map, keys: { tag: "newTag", digest: "digest" } };
  return { type: "parts", map, image, tag, digest, inherited };
}
