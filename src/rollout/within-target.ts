/** What the cluster side lets a repository touch, checked before anything is written. */

import { type KubernetesObject, groupOf, resourceId, resourceText } from "../model/resource.ts";
import { matchesGlob } from "../text/glob.ts";

/** The part of a target that speaks of objects. */
export interface Bounds {
  readonly namespaces: readonly string[];
  readonly allowedKinds: readonly string[];
}

/** Where our own records are: no repository may write there. */
export const systemNamespace = "lockkeeper-system";

const roleGroup = "rbac.authorization.k8s.io";

/**
 * Why an object may not be applied; null when it may. Namespaced kinds but RBAC are allowed by default, other kinds by
 * name; a Namespace has to be one of the target's as well.
 */
export function outsideTarget(object: KubernetesObject, namespaced: boolean, bounds: Bounds): string | null {
  const what = resourceText(resourceId(object));
  const named = bounds.allowedKinds.includes(object.kind);
  if (!named && (!namespaced || groupOf(object.apiVersion) === roleGroup)) {
    return `${what}: the target does not allow the kind ${object.kind}`;
  }
  const namespace = object.kind === "Namespace" ? object.metadata.name : object.metadata.namespace;
  if (!namespaced && object.kind !== "Namespace") return null;
  if (namespace === undefined) return `${what}: has no namespace, and the app names none`;
  if (namespace === systemNamespace) return `${what}: the namespace ${systemNamespace} is Lockkeeper's own`;
  if (!matchesGlob(bounds.namespaces, namespace)) {
    return `${what}: the target does not allow the namespace ${namespace}`;
  }
  return null;
}
