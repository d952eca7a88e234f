/** Which fields of an object an app never wants to hear about. */

import type { IgnoreRule } from "../model/app.ts";
import type { KubernetesObject } from "../model/resource.ts";
import { matchesGlob } from "../text/glob.ts";

/** Paths as the rules write them, sorted, so that they can be part of a hash. */
export function ignoredPaths(rules: readonly IgnoreRule[], object: KubernetesObject): readonly string[] {
  const own = rules.filter(
    ({ kinds, names }) =>
      (kinds === undefined || kinds.includes(object.kind)) &&
      (names === undefined || matchesGlob(names, object.metadata.name)),
  );
  return [...new Set(own.flatMap(({ paths }) => paths))].toSorted();
}
