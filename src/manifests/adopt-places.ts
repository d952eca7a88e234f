/** Where in Git the fields of a rendered object may be written: its own file, a patch of it, or an entry of a kustomization. */

import { Buffer } from "node:buffer";
import { posix } from "node:path";
import { editsOf } from "./adopt-edit.ts";
import { type ObjectName, adoptFields, plainOf } from "./adopt-fields.ts";
import { withEntries } from "./adopt-entries.ts";
import { kustomizationNames } from "./kustomize-tree.ts";
import { type LiveField, fieldOf } from "./live-field.ts";
import { type JsonRecord, isRecord, sameJson } from "./same-json.ts";
import { decodeText, parseSource } from "./source-file.ts";
import { replaced } from "./text-edit.ts";

type Files = ReadonlyMap<string, Uint8Array>;

export interface AdoptInput {
  readonly files: Files;
  /** The app's folder. */
  readonly folder: string;
  /** The object as it is rendered, and the file that it comes from. */
  readonly object: JsonRecord;
  readonly name: ObjectName;
  readonly file: string;
  readonly fields: readonly LiveField[];
}

/** One file with some of the fields written into it. Whether they arrive in what is rendered has to be seen. */
export interface AdoptAttempt {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly adopted: readonly LiveField[];
  /** Fields that belong there and cannot be written, with half a sentence why. */
  readonly refused: readonly { readonly field: LiveField; readonly why: string }[];
}

/** The attempts in the order in which they should be made: what comes last in a rendering first. */
export function* adoptAttempts(input: AdoptInput): Iterable<AdoptAttempt> {
  const kustomization = kustomizationNames
    .map((name) => posix.join(input.folder, name))
    .find((path) => input.files.has(path));
  if (kustomization !== undefined) yield* inKustomization(input, kustomization);
  yield* inFile(input, input.file, input.fields);
}

function* inKustomization(input: AdoptInput, path: string): Iterable<AdoptAttempt> {
  const kustomization = kustomizationAt(input.files, path);
  if (kustomization === null) return;
  const { value } = kustomization;
  const entries = withEntries(value, input.object, input.fields);
  if (entries.adopted.length > 0 && !sameJson(value, entries.value))
    yield rewritten(kustomization, entries.value, entries.adopted);
  for (const { patch, place } of patchesOf(value)) {
    const isInline = patch.includes("\n");
    const file = isInline ? "" : posix.join(input.folder, patch);
    const within = isInline ? { ...input, files: new Map([["", Buffer.from(patch)]]) } : input;
    const fields = input.fields.filter((field) => isSetIn(within, file, field));
    for (const attempt of inFile(within, file, fields))
      yield isInline ? placed(kustomization, attempt, place) : attempt;
  }
}

interface Kustomization {
  readonly path: string;
  readonly text: string;
  readonly node: unknown;
  readonly value: JsonRecord;
}

function kustomizationAt(files: Files, path: string): Kustomization | null {
  const text = decodeText(files.get(path) ?? new Uint8Array());
  const parsed = text === null ? null : parseSource(text);
  const document = parsed?.ok === true ? parsed.value.documents[0] : undefined;
  const value = document === undefined ? undefined : plainOf(document);
  if (text === null || document === undefined || !isRecord(value)) return null;
  return { path, text, node: document.contents, value };
}

function rewritten(
  { path, text, node, value }: Kustomization,
  now: JsonRecord,
  adopted: readonly LiveField[],
): AdoptAttempt {
  const edits = editsOf(text, node, value, now);
  const next = typeof edits === "string" ? null : replaced(text, edits);
  if (next !== null) return { file: path, bytes: Buffer.from(next), adopted, refused: [] };
  const why = typeof edits === "string" ? edits : "writing it would change more than it";
  return {
    file: path,
    bytes: Buffer.from(text),
    adopted: [],
    refused: adopted.map((field) => ({ field, why })),
  };
}

/** The attempt on the text of an inline patch, as one on the kustomization that it stands in. */
function placed(
  kustomization: Kustomization,
  { bytes, adopted, refused }: AdoptAttempt,
  place: Patch["place"],
): AdoptAttempt {
  const whole = rewritten(kustomization, place(decodeText(bytes) ?? ""), adopted);
  return { ...whole, refused: [...whole.refused, ...refused] };
}

interface Patch {
  /** The text of an inline patch, or a path. */
  readonly patch: string;
  /** The kustomization with another text there. */
  readonly place: (text: string) => JsonRecord;
}

function patchesOf(kustomization: JsonRecord): readonly Patch[] {
  const strategic = listOf(kustomization["patchesStrategicMerge"]).flatMap((item, at): readonly Patch[] => {
    if (typeof item !== "string") return [];
    const place = (text: string): JsonRecord => replacedAt(kustomization, "patchesStrategicMerge", at, text);
    return [{ patch: item, place }];
  });
  const patches = listOf(kustomization["patches"]).flatMap((item, at): readonly Patch[] => {
    if (!isRecord(item)) return [];
    const { path, patch } = item;
    const text = typeof path === "string" ? path : patch;
    if (typeof text !== "string") return [];
    const place = (next: string): JsonRecord =>
      replacedAt(kustomization, "patches", at, { ...item, patch: next });
    return [{ patch: text, place }];
  });
  return [...patches, ...strategic].toReversed();
}

function replacedAt(kustomization: JsonRecord, key: string, at: number, value: unknown): JsonRecord {
  return { ...kustomization, [key]: listOf(kustomization[key]).with(at, value) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Names by which a file may call an object: those of its kind that its rendered name holds, as prefixes and suffixes are added. */
function namesIn(files: Files, file: string, { kind, name }: ObjectName): readonly ObjectName[] {
  const text = decodeText(files.get(file) ?? new Uint8Array());
  const parsed = text === null ? null : parseSource(text);
  if (parsed?.ok !== true) return [];
  const all = parsed.value.documents.flatMap((document) => {
    const value = plainOf(document);
    return isRecord(value) && value["kind"] === "List" ? listOf(value["items"]) : [value];
  });
  const found = all.flatMap((value): readonly ObjectName[] => {
    if (!isRecord(value) || value["kind"] !== kind || typeof value["apiVersion"] !== "string") return [];
    const own = isRecord(value["metadata"]) ? value["metadata"]["name"] : undefined;
    if (typeof own !== "string" || !name.includes(own)) return [];
    return [{ apiVersion: value["apiVersion"], kind, name: own }];
  });
  const exact = found.filter((each) => each.name === name);
  return exact.length > 0 ? exact : found;
}

/** Whether a patch sets the field: where it does not, the field is no business of it. */
function isSetIn({ files, name }: AdoptInput, file: string, { steps }: LiveField): boolean {
  const text = decodeText(files.get(file) ?? new Uint8Array());
  const parsed = text === null ? null : parseSource(text);
  if (parsed?.ok !== true) return false;
  return parsed.value.documents.some((document) => {
    const value = plainOf(document);
    return isRecord(value) && value["kind"] === name.kind && fieldOf(value, steps) !== undefined;
  });
}

function* inFile(
  { files, name }: AdoptInput,
  file: string,
  fields: readonly LiveField[],
): Iterable<AdoptAttempt> {
  const bytes = files.get(file);
  if (bytes === undefined || fields.length === 0) return;
  for (const own of namesIn(files, file, name)) {
    const done = adoptFields(bytes, own, fields);
    if (done.ok) yield { file, ...done.value };
  }
}
