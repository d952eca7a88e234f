/** Which kinds, namespaces and roles an app brings along itself. */

import { type KubernetesObject, groupOf } from "../model/resource.ts";
import { textAt, valueAt } from "./json-path.ts";

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

/** What other objects of the same set may stand on. */
export interface SetContents {
  readonly kinds: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  /** `Kind namespace/name` of Roles and ClusterRoles. */
  readonly roles: ReadonlySet<string>;
}

export function contentsOf(objects: readonly KubernetesObject[]): SetContents {
  const of = (...kinds: readonly string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  return {
    kinds: new Set(definedKinds(objects).keys()),
    namespaces: new Set(of("Namespace").map(({ metadata }) => metadata.name)),
    roles: new Set(
      of("Role", "ClusterRole").map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
      ),
    ),
  };
}

/** Whether an object can only be after something else of its set is. */
export function standsOn(object: KubernetesObject, { kinds, namespaces, roles }: SetContents): boolean {
  const { namespace } = object.metadata;
  if (namespace !== undefined && namespaces.has(namespace)) return true;
  if (kinds.has(`${groupOf(object.apiVersion)}/${object.kind}`)) return true;
  const kind = textAt(object, "roleRef", "kind") ?? "";
  const place = kind === "Role" ? (namespace ?? "") : "";
  return roles.has(`${kind} ${place}/${textAt(object, "roleRef", "name") ?? ""}`);
}
