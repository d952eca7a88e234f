/** Edits of image references as byte splices: every other byte of the file stays as it is. */

import { Buffer } from "node:buffer";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { type Change, changesOf } from "./image-change.ts";
import { sameDocuments } from "./same-documents.ts";
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
  const changes: Change[] = [];
  for (const edit of edits) {
    const own = changesOf(before.value, edit);
    if (own === null) return fail("rejected", `${place(edit)} is not what was found there`);
    changes.push(...own);
  }
  const after = replaceBytes(bytes, changes);
  const about = edits[0] === undefined ? "the file" : place(edits[0]);
  if (after === null) return fail("rejected", `two edits at ${about} touch the same bytes`);
  const reread = readSource(after);
  const intended = new Map(changes.map(({ path, value, added }) => [path, { text: value, added }]));
  if (reread.ok && sameDocuments(before.value.documents, reread.value.documents, intended)) return ok(after);
  return fail("rejected", `editing ${about} would change more`);
}

function place({ occurrence }: ImageEdit): string {
  return `${occurrence.file}:${occurrence.line}:${occurrence.column}`;
}

function readSource(bytes: Uint8Array): Result<SourceFile> {
  const text = decodeText(bytes);
  return text === null ? fail("malformed", "not UTF-8 text") : parseSource(text);
}

/** Null where two changes overlap. */
function replaceBytes(bytes: Uint8Array, changes: readonly Change[]): Uint8Array | null {
  const parts: Uint8Array[] = [];
  const touched = new Set<string>();
  let at = 0;
  for (const { start, end, text, path } of changes.toSorted((a, b) => a.start - b.start)) {
    if (start < at || touched.has(path)) return null;
    touched.add(path);
    parts.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
