/** Edits of image references as byte splices: every other byte of the file stays as it is. */

import { Buffer } from "node:buffer";
import { type Document, type Scalar, isScalar } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { valueText } from "./image-value.ts";
import { sameDocuments } from "./same-documents.ts";
import { needsQuotes } from "./quoting.ts";
import { type SourceFile, decodeText, parseSource } from "./source-file.ts";

/** One reference of the file and its new value. */
export interface ImageEdit {
  readonly occurrence: Occurrence;
  readonly to: ImageValue;
}

/**
 * The file with the new values. `rejected` when the file is not the one in which the occurrences were found, or when the
 * result would differ in anything but the intended values: nothing is ever written then.
 */
export function splice(bytes: Uint8Array, edits: readonly ImageEdit[]): Result<Uint8Array> {
  const before = readSource(bytes);
  if (!before.ok) return before;
  const ordered = edits.toSorted((a, b) => a.occurrence.start - b.occurrence.start);
  const parts: Uint8Array[] = [];
  const intended = new Map<string, string>();
  let at = 0;
  for (const edit of ordered) {
    const change = changeOf(before.value, edit);
    if (change === null || change.start < at)
      return fail("rejected", `${place(edit)} is not what was found there`);
    parts.push(bytes.subarray(at, change.start), Buffer.from(change.text));
    at = change.end;
    intended.set(edit.occurrence.path, change.value);
  }
  const after = Buffer.concat([...parts, bytes.subarray(at)]);
  const reread = readSource(after);
  if (reread.ok && sameDocuments(before.value.documents, reread.value.documents, intended)) return ok(after);
  return fail(
    "rejected",
    `editing ${ordered[0] === undefined ? "the file" : place(ordered[0])} would change more`,
  );
}

function place({ occurrence }: ImageEdit): string {
  return `${occurrence.file}:${occurrence.line}:${occurrence.column}`;
}

function readSource(bytes: Uint8Array): Result<SourceFile> {
  const text = decodeText(bytes);
  return text === null ? fail("malformed", "not UTF-8 text") : parseSource(text);
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The whole scalar afterwards. */
  readonly value: string;
}

/** The bytes to replace: the tag and digest, or the whole scalar where the new one has to be quoted. */
function changeOf(source: SourceFile, { occurrence, to }: ImageEdit): Change | null {
  const scalar = scalarAt(source.documents, occurrence.path);
  const old = valueText(occurrence);
  if (typeof scalar?.value !== "string" || !scalar.range || old === "") return null;
  if (scalar.value !== occurrence.image + separator(occurrence) + old) return null;
  const text = valueText(to);
  if (text === "" || separator(occurrence) !== separator(to)) return null;
  const value = occurrence.image + separator(to) + text;
  const from = source.byteOf(scalar.range[0]);
  const until = source.byteOf(scalar.range[1]);
  if (occurrence.start < from || occurrence.end > until || occurrence.end - occurrence.start !== old.length)
    return null;
  if (scalar.type === "PLAIN" && needsQuotes(value))
    return { start: from, end: until, text: `"${value}"`, value };
  return { start: occurrence.start, end: occurrence.end, text, value };
}

function separator(value: ImageValue): string {
  return value.tag === null ? "@" : ":";
}

function scalarAt(documents: readonly Document.Parsed[], path: string): Scalar | null {
  const [index = "", ...steps] = path.split("/");
  const keys = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const node = documents[Number(index)]?.getIn(keys, true);
  return isScalar(node) ? node : null;
}
