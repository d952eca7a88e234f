/** Leaves fields to whoever else writes them, without giving them up to nobody. */

import type { KubernetesObject } from "../model/resource.ts";
import { fieldManager } from "./app-hash.ts";
import { ownsWithin, valueOf, withValue } from "./field-path.ts";

/** Of these paths the ones that a manifest names: without any, what is live need not be looked at. */
export function namedPaths(object: KubernetesObject, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => valueOf(object, path) !== undefined);
}

/**
 * A manifest as it may be applied to what is live: a field that another manager holds is left out, so that only it has it;
 * one that nobody else is on record for keeps its live value, because leaving that out would reset it (up to Kubernetes 1.21
 * nobody is on record for what an autoscaler writes).
 */
export function yieldFields(
  object: KubernetesObject,
  live: KubernetesObject,
  paths: readonly string[],
): KubernetesObject {
  return namedPaths(object, paths).reduce((result, path) => {
    const current = valueOf(live, path);
    if (current === undefined) return result;
    return withValue(result, path, isHeldByOthers(live, path) ? undefined : current);
  }, object);
}

function isHeldByOthers({ metadata }: KubernetesObject, path: string): boolean {
  return (metadata.managedFields ?? []).some(
    ({ manager, operation, fieldsV1 }) =>
      !(manager === fieldManager && operation === "Apply") && ownsWithin(fieldsV1, path),
  );
}
