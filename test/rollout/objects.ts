/** Builders of live objects with managedFields, as an API server would send them. */

import type { KubernetesObject, ManagedFields } from "../../src/model/resource.ts";
import { isRecord } from "../../src/rollout/json-path.ts";

/** The trie of every field of a body; lists are owned whole, but for those of items with a name. */
export function trieOf(value: unknown): Record<string, never> {
  const trie: Record<string, unknown> = {};
  if (isRecord(value)) {
    for (const [key, member] of Object.entries(value)) trie[`f:${key}`] = trieOf(member);
  } else if (
    Array.isArray(value) &&
    value.every((item) => isRecord(item) && typeof item["name"] === "string")
  ) {
    for (const item of value as { name: string }[]) {
      trie[`k:${JSON.stringify({ name: item.name })}`] = { ".": {}, ...trieOf(item) };
    }
  }
  return trie as Record<string, never>;
}

export function entry(manager: string, body: unknown, more: Partial<ManagedFields> = {}): ManagedFields {
  const fieldsV1 = trieOf(body);
  return {
    manager,
    operation: "Apply",
    apiVersion: "apps/v1",
    time: "2026-01-01T00:00:00Z",
    fieldsV1,
    ...more,
  };
}

export const deploymentBody = {
  metadata: { labels: { "lockkeeper.dev/app": "abc" } },
  spec: {
    replicas: 3,
    template: {
      spec: { containers: [{ name: "web", image: "web:1", env: [{ name: "PASSWORD", value: "canary-1" }] }] },
    },
  },
};

export function deployment(
  body: object = deploymentBody,
  managedFields: readonly ManagedFields[] = [entry("lockkeeper", body)],
): KubernetesObject {
  const { metadata, ...rest } = body as { metadata?: object };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    ...rest,
    metadata: { name: "web", namespace: "web", uid: "u1", resourceVersion: "5", ...metadata, managedFields },
  };
}

/** A copy with one value changed, by a path of keys and indexes. */
export function changed<T>(object: T, path: readonly (string | number)[], value: unknown): T {
  const copy = structuredClone(object) as never;
  let here: Record<string | number, unknown> = copy;
  for (const key of path.slice(0, -1)) here = here[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  if (value === undefined) delete here[last];
  else here[last] = value;
  return copy;
}
