/** Keyed digests of what ConfigMaps and Secrets hold, key by key: the values themselves are never kept. */

import type { KubernetesObject } from "../model/resource.ts";
import { canonicalJson, keyedHash } from "./canonical-json.ts";
import { isRecord, recordsAt, textAt, valueAt } from "./json-path.ts";
import { configText } from "./reload-references.ts";

/** What one object holds: a digest by key, and since which version of the object. */
export interface Contents {
  readonly resourceVersion: string;
  readonly digests: Readonly<Record<string, string>>;
  /** The pods started with exactly this, whatever was known before. */
  readonly fresh?: true;
}

/** Short: it has to tell two values apart, not to withstand a search for a second one with the same digest. */
const digestCharacters = 16;

/** Tells whether two digests can be compared at all: the key is a Secret in the cluster, which may have been made anew. */
export function keyIdOf(key: Uint8Array): string {
  return keyedHash(key, "key id").slice(0, 8);
}

/** Of a ConfigMap or Secret. Equal values in two places have two digests. */
export function contentsOf(key: Uint8Array, object: KubernetesObject): Contents {
  const { namespace, name, resourceVersion = "" } = object.metadata;
  const place = configText({ kind: object.kind as "Secret", name });
  const held = ["data", "binaryData"].flatMap((field) => {
    const values = object[field];
    return isRecord(values) ? Object.entries(values).map(([name, value]) => [name, field, value]) : [];
  });
  const digests = held.map(([name, field, value]) => [
    name,
    digestOf(key, [namespace, place, name, field, value]),
  ]);
  return { resourceVersion, digests: Object.fromEntries(digests) as Record<string, string> };
}

function digestOf(key: Uint8Array, parts: readonly unknown[]): string {
  return keyedHash(key, canonicalJson(parts)).slice(0, digestCharacters);
}

/** What one pod has mounted of a SecretProviderClass. */
export interface Mounted {
  readonly pod: string;
  readonly provider: string;
  readonly versions: readonly (readonly [id: string, version: string])[];
  /** It was written again since the pod started. */
  readonly rotated: boolean;
}

/** From a SecretProviderClassPodStatus; null where it says nothing. */
export function mountedOf(object: KubernetesObject): Mounted | null {
  const pod = textAt(object, "status", "podName");
  const provider = textAt(object, "status", "secretProviderClassName");
  if (pod === undefined || provider === undefined) return null;
  const versions = recordsAt(object, "status", "objects").map(
    ({ id, version }) => [String(id), String(version)] as const,
  );
  return { pod, provider, versions, rotated: (valueAt(object, "metadata", "generation") ?? 1) !== 1 };
}

/**
 * Of a SecretProviderClass, as the pods of one workload have it. While they differ, the rotation is still on its way
 * through them, and what they differ in is not told.
 */
export function mountedContents(key: Uint8Array, name: string, mounted: readonly Mounted[]): Contents | null {
  if (mounted.length === 0) return null;
  const seen = new Map<string, Set<string>>();
  for (const [id, version] of mounted.flatMap(({ versions }) => versions)) {
    seen.set(id, (seen.get(id) ?? new Set()).add(version));
  }
  const settled = [...seen].filter(([, versions]) => versions.size === 1);
  const digests = settled.map(([id, versions]) => [id, digestOf(key, [name, id, ...versions])]);
  const fresh = mounted.some(({ rotated }) => rotated) ? {} : { fresh: true as const };
  return { resourceVersion: "", digests: Object.fromEntries(digests) as Record<string, string>, ...fresh };
}
