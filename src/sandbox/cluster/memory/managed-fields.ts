/** Who owns which field: `metadata.managedFields` after an apply or another write. */

import { type Cause, type Refusal, applyConflict } from "./refusal.ts";
import { type FieldSet, compare, fieldText, fieldsOf, fromFieldsV1, toFieldsV1 } from "./field-set.ts";
import type { ManagedEntry, Stored, Tree } from "./json-tree.ts";
import { holds, mergeOver, withoutFields } from "./merge-fields.ts";

/** Who writes, and when. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
}

interface Owner {
  readonly entry: ManagedEntry;
  fields: FieldSet;
}

/**
 * The object after server-side apply of `wanted`, before defaults: fields that this manager applied before and no longer
 * names are removed unless somebody else owns them; a field with another value that others own is a conflict unless forced.
 */
export function applyFields(
  live: Stored | null,
  wanted: Tree,
  { writer, force }: { readonly writer: Writer; readonly force: boolean },
): { merged: Tree; managedFields: ManagedEntry[] } | Refusal {
  const owners = live === null ? [] : ownersBeforeApply(live, writer);
  const others = owners.filter((owner) => !isSame(owner.entry, "Apply", writer));
  const mine = owners.find((owner) => isSame(owner.entry, "Apply", writer));
  const fields = fieldsOf(wanted);
  const dropped = new Set(
    [...(mine?.fields ?? [])].filter(
      (path) => !holds(fields, path) && !others.some((owner) => holds(owner.fields, path)),
    ),
  );
  const merged = withoutFields(mergeOver(live ?? {}, wanted) as Tree, dropped);
  const { changed, removed } = compare(live ?? {}, merged);
  const causes = others.flatMap((owner) => conflictsOf(owner, changed));
  if (causes.length > 0 && !force) return applyConflict(causes);
  for (const owner of others) owner.fields = minus(minus(owner.fields, changed), removed);
  const entry = entryOf("Apply", writer, fields);
  const untouched = mine !== undefined && changed.size + removed.size === 0 && equal(mine.fields, fields);
  const own = untouched ? mine.entry : entry;
  return { merged, managedFields: written([{ entry: own, fields }, ...others]) };
}

/** Of an object without any owner, everything was there before the first apply: nobody's, but not free to take either. */
function ownersBeforeApply(live: Stored, writer: Writer): Owner[] {
  const owners = ownersOf(live);
  if (owners.length > 0) return owners;
  const fields = fieldsOf(live);
  return [{ entry: entryOf("Update", { ...writer, manager: "before-first-apply" }, fields), fields }];
}

/** The entries after any other write: who wrote a field owns it alone. Objects without owners stay without. */
export function updateFields(before: Stored | null, after: Tree, writer: Writer): ManagedEntry[] {
  const { changed, removed } = compare(before ?? {}, after);
  const owners = ownersOf(before);
  if (changed.size === 0 && removed.size === 0) return written(owners);
  if (before !== null && owners.length === 0) return [];
  const others = owners.filter((owner) => !isSame(owner.entry, "Update", writer));
  const mine = owners.find((owner) => isSame(owner.entry, "Update", writer));
  for (const owner of others) owner.fields = minus(minus(owner.fields, changed), removed);
  const fields = new Set([...minus(mine?.fields ?? new Set(), removed), ...changed]);
  const touched = changed.size > 0 || mine === undefined;
  const entry = touched ? entryOf("Update", writer, fields) : mine.entry;
  return written([...others, { entry, fields }]);
}

function ownersOf(object: Stored | null): Owner[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    entry,
    fields: fromFieldsV1(entry.fieldsV1),
  }));
}

function isSame(entry: ManagedEntry, operation: "Apply" | "Update", writer: Writer): boolean {
  return (
    entry.operation === operation &&
    entry.manager === writer.manager &&
    (entry.subresource ?? "") === (writer.subresource ?? "")
  );
}

function conflictsOf({ entry, fields }: Owner, changed: FieldSet): Cause[] {
  const version = entry.operation === "Apply" ? "" : ` using ${entry.apiVersion}`;
  return [...fields]
    .filter((path) => changed.has(path))
    .map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with "${entry.manager}"${version}`,
      field: fieldText(path),
    }));
}

function entryOf(operation: "Apply" | "Update", writer: Writer, fields: FieldSet): ManagedEntry {
  const { manager, apiVersion, time, subresource } = writer;
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(fields),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** An entry that owns nothing is not kept. */
function written(owners: readonly Owner[]): ManagedEntry[] {
  return owners
    .filter((owner) => owner.fields.size > 0)
    .map(({ entry, fields }) => ({ ...entry, fieldsV1: toFieldsV1(fields) }));
}

function minus(fields: FieldSet, taken: FieldSet): FieldSet {
  return new Set([...fields].filter((path) => !taken.has(path)));
}

function equal(one: FieldSet, other: FieldSet): boolean {
  return one.size === other.size && [...one].every((path) => other.has(path));
}
