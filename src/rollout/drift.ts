/** Explains drift: which owned field is not what Git wants, who wrote it, and when. */

import type { KubernetesObject, ManagedFields, ResourceId } from "../model/resource.ts";
import { additionsTo } from "./additions.ts";
import { fieldManager } from "./app-hash.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isWithin } from "./field-path.ts";
import { shownValue } from "./mask.ts";
import { type OwnedLeaf, appliedEntries, holdsPath, ownedLeaves } from "./owned-fields.ts";

/** Who wrote a field last, as far as the API server knows. */
export interface Writer {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  /** Of the manager's last write to the object, which need not be the one to this field. */
  readonly time?: string;
  /** No manager is on record for the field itself; this one wrote to the object since. */
  readonly probable: boolean;
}

/** One field; values are masked already. `live` is null where the field is gone, `wanted` where Git has none. */
export interface FieldDrift {
  readonly path: string;
  readonly wanted: string | null;
  readonly live: string | null;
  readonly writer: Writer | null;
}

/** One that drifted: `wanted` is null only where a person has added it. */
export interface DriftedField extends FieldDrift {
  /** As in fieldsV1. */
  readonly steps: readonly string[];
  /** 1-based line of the object's file on which Git says so, where it says so there. */
  readonly line?: number;
}

/**
 * - `deleted`: the object is gone. `label-stripped`: it is there, but no longer carries the app's label.
 * - `extra`: it stands in a namespace of the app, and nobody's Git names it.
 * - `modified`: fields differ. `ownership-lost`: nothing differs, but our manager is no longer on record; applying again
 *   restores the record and changes nothing else.
 */
export type DriftClass = "deleted" | "label-stripped" | "extra" | "modified" | "ownership-lost";

export interface ObjectDrift {
  readonly id: ResourceId;
  readonly file: string;
  readonly line: number;
  readonly class: DriftClass;
  readonly fields: readonly DriftedField[];
}

/**
 * Compares what an apply would give (`predicted`, from a dry run) with what is live, in the fields that our manager would
 * own. Sorted by path; `ignored` paths are left out.
 */
export function explainDrift(
  id: ResourceId,
  predicted: KubernetesObject,
  live: KubernetesObject,
  ignored: readonly string[],
): readonly DriftedField[] {
  return differences(predicted, live, ignored).map(({ leaf, actual }) => ({
    ...describe(id, leaf, actual, live),
    steps: leaf.steps,
  }));
}

/** What people have added to it by hand beside what our manager would own. */
export function explainAdditions(
  id: ResourceId,
  predicted: KubernetesObject,
  live: KubernetesObject,
  ignored: readonly string[],
): readonly DriftedField[] {
  return additionsTo(live, predicted, ignored).map(({ leaf: { path, steps, value }, by }) => ({
    path,
    steps,
    wanted: null,
    live: shownValue(id, path, value),
    writer: toWriter(by, false),
  }));
}

/** A field that drifted, as it is live; `undefined` where it is gone. Not masked: for Git alone, and never for a report. */
export interface RawField {
  readonly path: string;
  readonly steps: readonly string[];
  readonly value: unknown;
}

/** What `explainDrift` and `explainAdditions` tell of, as it is; of items that are new every field that is in them. */
export function driftedValues(
  predicted: KubernetesObject,
  live: KubernetesObject,
  ignored: readonly string[],
): readonly RawField[] {
  const changed = differences(predicted, live, ignored).map(({ leaf: { path, steps }, actual }) => ({
    path,
    steps,
    value: actual,
  }));
  const added = additionsTo(live, predicted, ignored).flatMap(({ leaf, by }) => {
    if (leaf.steps.at(-1) !== ".") return [leaf];
    const inside = ownedLeaves(by.fieldsV1, live).filter(({ path }) => isWithin(path, [leaf.path]));
    return inside.filter(({ steps, value }) => steps.at(-1) !== "." && value !== undefined);
  });
  return [...changed, ...added];
}

interface Difference {
  readonly leaf: OwnedLeaf;
  readonly actual: unknown;
}

function differences(
  predicted: KubernetesObject,
  live: KubernetesObject,
  ignored: readonly string[],
): readonly Difference[] {
  return appliedEntries(predicted, fieldManager).flatMap(({ fieldsV1 }) => {
    const actual = new Map(ownedLeaves(fieldsV1, live).map((leaf) => [leaf.path, leaf.value]));
    return ownedLeaves(fieldsV1, predicted)
      .filter((leaf) => !isWithin(leaf.path, ignored))
      .map((leaf) => ({ leaf, actual: actual.get(leaf.path) }))
      .filter(({ leaf, actual }) => canonicalJson([leaf.value]) !== canonicalJson([actual]))
      .sort((a, b) => (a.leaf.path < b.leaf.path ? -1 : 1));
  });
}

/**
 * What an apply would change: drift, and the fields that our manager owns now and would give up, because Git does not name
 * them any more (`wanted` is null there, unless another manager keeps them).
 */
export function explainChange(
  id: ResourceId,
  predicted: KubernetesObject,
  live: KubernetesObject,
): readonly FieldDrift[] {
  const kept = differences(predicted, live, []).map(({ leaf, actual }) => describe(id, leaf, actual, live));
  const known = new Set(leavesOf(predicted, predicted).map(({ path }) => path));
  const after = new Map(leavesOf(live, predicted).map(({ path, value }) => [path, value]));
  const dropped = leavesOf(live, live)
    .filter(
      ({ path, value }) => !known.has(path) && canonicalJson([value]) !== canonicalJson([after.get(path)]),
    )
    .map((leaf) => ({
      ...describe(id, leaf, leaf.value, live),
      wanted: shownValue(id, leaf.path, after.get(leaf.path)),
    }));
  return [...kept, ...dropped].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where our manager owns something in `owner`, with the values that `object` has there. */
function leavesOf(owner: KubernetesObject, object: KubernetesObject): readonly OwnedLeaf[] {
  return appliedEntries(owner, fieldManager).flatMap((entry) => ownedLeaves(entry.fieldsV1, object));
}

function describe(id: ResourceId, leaf: OwnedLeaf, actual: unknown, live: KubernetesObject): FieldDrift {
  return {
    path: leaf.path,
    wanted: shownValue(id, leaf.path, leaf.value),
    live: shownValue(id, leaf.path, actual),
    writer: writerOf(leaf, actual, live),
  };
}

function writerOf(leaf: OwnedLeaf, actual: unknown, live: KubernetesObject): Writer | null {
  const others = (live.metadata.managedFields ?? []).filter(
    (entry) => !(entry.manager === fieldManager && entry.operation === "Apply"),
  );
  const holder = newest(others.filter((entry) => holdsPath(entry.fieldsV1, leaf.steps)));
  if (holder !== undefined) return toWriter(holder, false);
  if (actual !== undefined) return null;
  const ours = newest(appliedEntries(live, fieldManager))?.time ?? "";
  const since = newest(others.filter((entry) => !entry.subresource && (entry.time ?? "") >= ours));
  return since === undefined ? null : toWriter(since, true);
}

function newest(entries: readonly ManagedFields[]): ManagedFields | undefined {
  return [...entries].sort((a, b) => ((a.time ?? "") < (b.time ?? "") ? 1 : -1))[0];
}

function toWriter(entry: ManagedFields, probable: boolean): Writer {
  const { manager, operation, subresource, time } = entry;
  return { manager, operation, subresource, time, probable };
}
