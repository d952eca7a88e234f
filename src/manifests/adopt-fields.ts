/** Writes live values into a manifest by byte splice: every other byte of the file stays as it is. */

import { Buffer } from "node:buffer";
import { type Document, isMap, isSeq } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";
import { editsOf } from "./adopt-edit.ts";
import { type LiveField, withField } from "./live-field.ts";
import { isRecord, sameJson } from "./same-json.ts";
import { decodeText, parseSource } from "./source-file.ts";
import { replaced } from "./text-edit.ts";

/** Which object of a file; a namespace that the file leaves out is no other one. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Adopted {
  readonly bytes: Uint8Array;
  /** Fields that the file now says as they are live. */
  readonly adopted: readonly LiveField[];
  /** Those that it cannot, each with half a sentence why. */
  readonly refused: readonly { readonly field: LiveField; readonly why: string }[];
}

/**
 * The file with the fields of one of its objects as they are live. `not-found` where the object does not stand in it, or
 * not as it is written there; `malformed` where it is no YAML. Each field is taken for itself: one that cannot be written keeps
 * no other from it. A field that the file says already counts as adopted.
 */
export function adoptFields(
  bytes: Uint8Array,
  name: ObjectName,
  fields: readonly LiveField[],
): Result<Adopted> {
  const text = decodeText(bytes);
  if (text === null) return fail("malformed", "not UTF-8 text");
  let now = text;
  const adopted: LiveField[] = [];
  const refused: { field: LiveField; why: string }[] = [];
  for (const field of inOrder(fields)) {
    const next = adoptOne(now, name, field);
    if (!next.ok) return next;
    if ("why" in next.value) refused.push({ field, why: next.value.why });
    else {
      now = next.value.text;
      adopted.push(field);
    }
  }
  return ok({ bytes: Buffer.from(now), adopted, refused });
}

/** Whole items and maps that are gone go first, so that nothing of theirs has to go piece by piece. */
function inOrder(fields: readonly LiveField[]): readonly LiveField[] {
  const values = fields.filter((field) => field.steps.at(-1) !== ".");
  return [...fields.filter(isGone), ...values];
}

function isGone({ steps, value }: LiveField): boolean {
  return steps.at(-1) === "." && value === undefined;
}

function adoptOne(
  text: string,
  name: ObjectName,
  field: LiveField,
): Result<{ readonly text: string } | { readonly why: string }> {
  const parsed = parseSource(text);
  if (!parsed.ok) return parsed;
  const found = objectIn(parsed.value.documents, name);
  if (found === null) return fail("not-found", "the object does not stand in this file");
  const wanted = withField(found.value, field);
  if (sameJson(found.value, wanted)) return ok({ text });
  const edits = editsOf(text, found.node, found.value, wanted);
  if (typeof edits === "string") return ok({ why: edits });
  const edited = replaced(text, edits);
  if (edited === null || !comesTo(edited, name, wanted, parsed.value.documents))
    return ok({ why: "writing it would change more than it" });
  return ok({ text: edited });
}

export interface FoundObject {
  /** The index of its document, and there of the item where that is a list of objects. */
  readonly document: number;
  readonly item: number | null;
  readonly node: unknown;
  readonly value: unknown;
}

/** The one object of that name; null where there is none, or several. */
export function objectIn(documents: readonly Document.Parsed[], name: ObjectName): FoundObject | null {
  const found = documents.flatMap((document, index): readonly FoundObject[] => {
    const { contents } = document;
    const value = plainOf(document);
    if (isNamed(value, name)) return [{ document: index, item: null, node: contents, value }];
    const items = isMap(contents) ? contents.get("items", true) : undefined;
    const values = isRecord(value) ? value["items"] : undefined;
    if (!isSeq(items) || !Array.isArray(values)) return [];
    return values.flatMap((item: unknown, at) =>
      isNamed(item, name) ? [{ document: index, item: at, node: items.items[at], value: item }] : [],
    );
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function isNamed(value: unknown, { apiVersion, kind, namespace, name }: ObjectName): boolean {
  if (!isRecord(value) || value["kind"] !== kind || groupOf(value["apiVersion"]) !== groupOf(apiVersion))
    return false;
  const { metadata } = value;
  if (!isRecord(metadata) || metadata["name"] !== name) return false;
  const own = metadata["namespace"];
  return own === undefined || namespace === undefined || own === namespace;
}

function groupOf(apiVersion: unknown): string {
  const [group = "", version] = String(apiVersion).split("/");
  return version === undefined ? "" : group;
}

/** What a document says; undefined where it has errors, or its aliases expand to too much. */
export function plainOf(document: Document.Parsed): unknown {
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    return undefined;
  }
}

/** The proof after the edit: the object is what was wanted, and everything else says what it said. */
function comesTo(
  text: string,
  name: ObjectName,
  wanted: unknown,
  before: readonly Document.Parsed[],
): boolean {
  const parsed = parseSource(text);
  if (!parsed.ok || parsed.value.documents.length !== before.length) return false;
  const { documents } = parsed.value;
  const found = objectIn(documents, name);
  if (found === null || !sameJson(found.value, wanted)) return false;
  return documents.every((document, index) => {
    const old = before[index];
    if (old === undefined) return false;
    const [was, is] = [plainOf(old), plainOf(document)];
    if (index !== found.document) return sameJson(was, is);
    return found.item === null || sameJson(without(was, found.item), without(is, found.item));
  });
}

/** A list of objects but for one of them. */
function without(list: unknown, item: number): unknown {
  const items = isRecord(list) ? list["items"] : undefined;
  return isRecord(list) && Array.isArray(items) ? { ...list, items: items.with(item, null) } : list;
}
