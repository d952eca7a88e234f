/** Compares two manifests of one object field by field, where no server can say what becomes of them. */

import type { KubernetesObject, ResourceId } from "../model/resource.ts";
import { appLabel } from "./app-hash.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type JsonRecord, isRecord } from "./json-path.ts";
import { shownValue } from "./mask.ts";
import type { FieldChange } from "./merge-plan.ts";
import { memberPath } from "./owned-fields.ts";

/**
 * Sorted by path. Lists whose items all have names are compared by these, other lists whole; what identifies the object, and
 * the label of its app, is left out.
 */
export function manifestChanges(
  id: ResourceId,
  before: KubernetesObject,
  after: KubernetesObject,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (from: unknown, to: unknown, path: string): void => {
    if (canonicalJson([from]) === canonicalJson([to])) return;
    const parts = partsOf(from, to, path);
    if (parts === null)
      changes.push({ path, from: shownValue(id, path, from), to: shownValue(id, path, to) });
    else for (const part of parts) compare(part.one, part.other, part.path);
  };
  compare(compared(before), compared(after), "");
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Name, namespace and kind are the same on both sides. */
function compared(object: KubernetesObject): JsonRecord {
  const labels = { ...object.metadata.labels };
  delete labels[appLabel];
  return { ...object, metadata: { ...object.metadata, labels } };
}

interface Part {
  readonly path: string;
  readonly one: unknown;
  readonly other: unknown;
}

/** What is below both sides; null where they are compared whole. A side that is not there is one without members. */
function partsOf(from: unknown, to: unknown, path: string): readonly Part[] | null {
  if (isMapping(from) && isMapping(to) && (isRecord(from) || isRecord(to))) {
    const [one, other] = [from ?? {}, to ?? {}];
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    if (keys.size === 0) return null;
    return [...keys].map((key) => ({ path: memberPath(path, key), one: one[key], other: other[key] }));
  }
  const [ones, others] = [byName(from), byName(to)];
  if (ones === null || others === null || ones.size + others.size === 0) return null;
  return [...new Set([...ones.keys(), ...others.keys()])].map((name) => ({
    path: `${path}[name=${name}]`,
    one: ones.get(name),
    other: others.get(name),
  }));
}

function isMapping(value: unknown): value is JsonRecord | undefined {
  return value === undefined || isRecord(value);
}

/** Null for what is no list of items with a name of their own. */
function byName(value: unknown): ReadonlyMap<string, JsonRecord> | null {
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return null;
  const named = new Map<string, JsonRecord>();
  for (const item of value as readonly unknown[]) {
    if (!isRecord(item) || typeof item["name"] !== "string" || named.has(item["name"])) return null;
    named.set(item["name"], item);
  }
  return named;
}
