/** The custom kinds that are known, and those that the configuration names. */

import { textAt } from "./cursor.ts";
import { customKinds } from "./custom-kinds.ts";
import { forFile } from "./file-paths.ts";
import { isOfKind, placesAt } from "./kind-places.ts";
import { platformKinds } from "./platform-kinds.ts";
import type { Shape } from "./shape.ts";

/** By kind: most objects are of none of them. */
const known = Map.groupBy(
  [...customKinds, ...platformKinds].flatMap((paths) => paths.kinds.map((kind) => ({ kind, paths }))),
  ({ kind }) => kind,
);

export const customKind: Shape = (object, { kinds = [], file }) => {
  const rows = (known.get(textAt(object, "kind")) ?? []).map(({ paths }) => paths);
  const own = kinds.flatMap((row) => forFile(row, file) ?? []);
  const ofKind = [...kinds, ...rows].filter((row) => isOfKind(object, row));
  return [...own, ...ofKind].flatMap((row) => placesAt(object, row));
};
