/** Which kinds an app brings along itself. */

import type { KubernetesObject } from "../model/resource.ts";
import { valueAt } from "./json-path.ts";

/** The kinds that CustomResourceDefinitions of the set define, as `group/kind`, and whether they are namespaced. */
export function definedKinds(objects: readonly KubernetesObject[]): ReadonlyMap<string, boolean> {
  const definitions = objects.filter((object) => object.kind === "CustomResourceDefinition");
  return new Map(
    definitions.map((object) => {
      const kind = `${String(valueAt(object, "spec", "group"))}/${String(valueAt(object, "spec", "names", "kind"))}`;
      return [kind, valueAt(object, "spec", "scope") === "Namespaced"];
    }),
  );
}
