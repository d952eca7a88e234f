/** Edits of image references as byte splices: every other byte of the file stays as it is. */

import { Buffer } from "node:buffer";
import { type Result, fail, ok } from "../model/failure.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { blankDocuments, documentTexts } from "./blank-documents.ts";
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
  const edited = editedDocuments(bytes, edits);
  const before = readSource(bytes, edited);
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
  const reread = readSource(after, edited);
  const intended = new Map(changes.map(({ path, value, added }) => [path, { text: value, added }]));
  if (reread.ok && sameDocuments(before.value.documents, reread.value.documents, intended)) return ok(after);
  return fail("rejected", `editing ${about} would change more`);
}

function place({ occurrence }: ImageEdit): string {
  return `${occurrence.file}:${occurrence.line}:${occurrence.column}`;
}

/** Those of a file that can be told from the others, and which of them have an edit: the rest stays, byte for byte. */
interface Documents {
  readonly count: number;
  readonly edited: ReadonlySet<number>;
}

function editedDocuments(bytes: Uint8Array, edits: readonly ImageEdit[]): Documents {
  const starts = edits.flatMap(({ occurrence }) =>
    (occurrence.edits ?? [occurrence]).map(({ start }) => start),
  );
  const edited = new Set<number>();
  const texts = documentTexts(decodeText(bytes) ?? "");
  let begin = 0;
  for (const [index, text] of texts.entries()) {
    const end = begin + Buffer.byteLength(text);
    if (starts.some((start) => begin <= start && start <= end)) edited.add(index);
    begin = end;
  }
  return { count: texts.length, edited };
}

function readSource(bytes: Uint8Array, { count, edited }: Documents): Result<SourceFile> {
  const text = decodeText(bytes);
  if (text === null) return fail("malformed", "not UTF-8 text");
  if (documentTexts(text).length !== count) return fail("rejected", "another number of documents");
  return parseSource(text, blankDocuments(text, (_, index) => edited.has(index)) ?? text);
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
