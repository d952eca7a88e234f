/** One short text for the values of all fields that we own: as long as it stays, there is no drift. */

import type { KubernetesObject } from "../model/resource.ts";
import { fieldManager } from "./app-hash.ts";
import { canonicalJson, keyedHash } from "./canonical-json.ts";
import { isWithin } from "./field-path.ts";
import { appliedEntries, ownedLeaves } from "./owned-fields.ts";

/**
 * Keyed hash over what our manager owns and the values there, `ignored` paths apart. Null when our manager owns nothing.
 * Blind to everything that others own, to status, to the order of keys and to resourceVersion.
 */
export function ownedDigest(
  key: Uint8Array,
  object: KubernetesObject,
  ignored: readonly string[],
): string | null {
  const entries = appliedEntries(object, fieldManager);
  if (entries.length === 0) return null;
  const leaves = entries
    .flatMap((entry) => ownedLeaves(entry.fieldsV1, object))
    .filter((leaf) => !isWithin(leaf.path, ignored))
    .map((leaf) => canonicalJson([leaf.steps, leaf.value === undefined ? [] : [leaf.value]]))
    .sort();
  return keyedHash(key, leaves.join("\n"));
}

/** Keyed hash over all of an object but its status and what the server keeps of its writes. */
export function contentDigest(key: Uint8Array, object: KubernetesObject): string {
  const { status: _, metadata, ...rest } = object as KubernetesObject & { readonly status?: unknown };
  const { managedFields: __, resourceVersion: ___, generation: ____, ...kept } = metadata;
  return keyedHash(key, canonicalJson([kept, rest]));
}
