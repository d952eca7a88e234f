/** Where images stand in one file. */

import { type Document, isMap } from "yaml";
import type { Occurrence } from "../model/update.ts";
import { blankDocuments } from "./blank-documents.ts";
import { type Cursor, childOf, textAt, topOf } from "./cursor.ts";
import { withFeeds } from "./feeds.ts";
import { isReplaced } from "./kustomize-renames.ts";
import { readDocument } from "./read-document.ts";
import { isRelevant } from "./relevant-document.ts";
import type { Scope } from "./read-place.ts";
import { type SkippedPlace, createFinds } from "./finds.ts";
import type { Context, Shape, Surroundings } from "./shape.ts";
import { shapes } from "./shapes.ts";
import { decodeText, parseSource } from "./source-file.ts";
import { withStatements } from "./statements.ts";
import { unreadPlaces } from "./unread-document.ts";
import { untracked } from "./untracked.ts";

export type { SkippedPlace };

export interface Found {
  /** In the order of the file. */
  readonly occurrences: readonly Occurrence[];
  readonly skipped: readonly SkippedPlace[];
}

const nothing: Found = { occurrences: [], skipped: [] };

/** A file by itself. */
const alone: Surroundings = { files: new Map() };

/** Whether a file can be a manifest, by its name. */
export function isManifestFile(file: string): boolean {
  return /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/.test(file);
}

/**
 * Every image reference of a YAML or JSON file that one of the shapes knows. A file that cannot be read is no failure: it
 * is in `skipped`, if it mentions an image at all. Without `surroundings`, what only other files tell is not found.
 */
export function findOccurrences(file: string, bytes: Uint8Array, surroundings = alone): Found {
  const text = decodeText(bytes);
  if (text === null) return { ...nothing, skipped: [{ file, line: 1, reason: unreadableReason(bytes) }] };
  const relevant = blankDocuments(text, (document) => isRelevant(document, surroundings));
  if (relevant === null) return nothing;
  const source = parseSource(text, relevant);
  if (!source.ok) return { ...nothing, skipped: [{ file, line: 1, reason: source.failure.message }] };
  const context = { ...surroundings, file, text };
  const found = source.value.documents.map((document, index) =>
    document.errors.length > 0
      ? { occurrences: [], skipped: unreadPlaces(file, source.value, document) }
      : findInDocument(document, { source: source.value, prefix: [index] }, context),
  );
  const all = found.flatMap(({ occurrences }) => occurrences);
  const replaced = new Set(all.filter((occurrence) => isReplaced(occurrence, surroundings.files)));
  const lines = new Set([...replaced].map(({ line }) => line));
  const told = [...lines].map((line) => ({ file, line, reason: replacedReason }));
  const run = all.filter((occurrence) => !replaced.has(occurrence));
  return {
    occurrences: withStatements(text, context, run),
    skipped: [...found.flatMap(({ skipped }) => skipped), ...told].toSorted((a, b) => a.line - b.line),
  };
}

const replacedReason = "a name that every kustomization of it replaces";

function unreadableReason(bytes: Uint8Array): string {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 9));
  return start === "\0GITCRYPT" ? "encrypted by git-crypt" : "not UTF-8 text";
}

/** All shapes as one. */
const every: Shape = (object, context) =>
  Object.values(shapes).flatMap((shape) => [...shape(object, context)]);

/** What the shapes find, each place once: the first shape that knows it has it. */
function findInDocument(document: Document.Parsed, scope: Scope, context: Context): Found {
  const top = topOf(document);
  if (top === null) return nothing;
  const { file } = context;
  const reading = { every, scope, context, depth: 0, known: new Set() };
  const finds = createFinds(file);
  for (const [name, shape] of Object.entries(shapes)) {
    for (const outcome of readDocument(top, { ...reading, shape })) finds.add(name, outcome);
  }
  for (const outcome of readDocument(top, { ...reading, shape: untracked })) finds.addRest(outcome);
  const { occurrences, skipped } = finds.found();
  if (!isSealed(top) || occurrences.length === 0)
    return { occurrences: withFeeds(document, scope, occurrences), skipped };
  const { line } = scope.source.placeOf(top.node.range?.[0] ?? 0);
  return { occurrences: [], skipped: [{ file, line, reason: sealedReason }] };
}

const sealedReason = "encrypted by SOPS: an edit would break its checksum";

/** SOPS signs the whole document unless told to sign the encrypted values only. https://getsops.io/docs/#message-authentication-code */
function isSealed(top: Cursor): boolean {
  const sops = childOf(top, "sops");
  if (sops === null || !isMap(sops.node) || childOf(sops, "mac") === null) return false;
  return textAt(sops, "mac_only_encrypted") !== "true";
}
