/** Where images stand in one file. */

import { type Document, isMap } from "yaml";
import type { Occurrence } from "../model/update.ts";
import { type Cursor, childOf, textAt, topOf } from "./cursor.ts";
import { withFeeds } from "./feeds.ts";
import { mentionsImages, readDocument } from "./read-document.ts";
import type { Read, Scope } from "./read-place.ts";
import type { Context, Surroundings } from "./shape.ts";
import { shapes } from "./shapes.ts";
import { type SourceFile, decodeText, lineOf, parseSource } from "./source-file.ts";

/** An image, or a file that may hold one, that is left alone; the reason is a phrase without text from the file. */
export interface SkippedPlace {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

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
  if (!mentionsImages(text)) return nothing;
  const source = parseSource(text);
  if (!source.ok) return { ...nothing, skipped: [{ file, line: 1, reason: source.failure.message }] };
  const context = { ...surroundings, file };
  const found = source.value.documents.map((document, index) =>
    document.errors.length > 0
      ? { occurrences: [], skipped: [unreadable(file, source.value, document)] }
      : findInDocument(document, { source: source.value, prefix: [index] }, context),
  );
  return {
    occurrences: found.flatMap(({ occurrences }) => occurrences),
    skipped: found.flatMap(({ skipped }) => skipped),
  };
}

function unreadableReason(bytes: Uint8Array): string {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 9));
  return start === "\0GITCRYPT" ? "encrypted by git-crypt" : "not UTF-8 text";
}

function unreadable(file: string, source: SourceFile, document: Document.Parsed): SkippedPlace {
  const [start, , end] = document.range;
  const templated = source.text.indexOf("{{", start);
  if (templated >= 0 && templated < end) {
    return { file, line: lineOf(source.text, templated), reason: "a template: it cannot be read as YAML" };
  }
  const offset = document.errors[0]?.pos[0] ?? start;
  return { file, line: source.placeOf(offset).line, reason: "not valid YAML" };
}

/** What the shapes find, each place once: the first shape that knows it has it. */
function findInDocument(document: Document.Parsed, scope: Scope, context: Context): Found {
  const top = topOf(document);
  if (top === null) return nothing;
  const { file } = context;
  const reads = new Map<number, Read & { readonly shape: string }>();
  const refusals = new Map<string, SkippedPlace>();
  const refuse = (line: number, reason: string): void => {
    refusals.set(`${line} ${reason}`, { file, line, reason });
  };
  for (const [shape, find] of Object.entries(shapes)) {
    for (const [read, { source }] of readDocument(top, { shape: find, scope, context })) {
      if ("reason" in read) refuse(source.placeOf(read.offset).line, read.reason);
      else if (!reads.has(read.start)) reads.set(read.start, { ...read, shape });
      else if (reads.get(read.start)?.image !== read.image)
        refuse(read.line, "takes its tag through an alias that another image uses too");
    }
  }
  const found = [...reads.values()].map((read) => ({ file, ...read }));
  const encrypted = isSealed(top) && found.length > 0;
  if (encrypted) refuse(scope.source.placeOf(top.node.range?.[0] ?? 0).line, sealedReason);
  return {
    occurrences: encrypted ? [] : withFeeds(document, scope, found).toSorted((a, b) => a.start - b.start),
    skipped: [...refusals.values()],
  };
}

const sealedReason = "encrypted by SOPS: an edit would break its checksum";

/** SOPS signs the whole document unless told to sign the encrypted values only. https://getsops.io/docs/#message-authentication-code */
function isSealed(top: Cursor): boolean {
  const sops = childOf(top, "sops");
  if (sops === null || !isMap(sops.node) || childOf(sops, "mac") === null) return false;
  return textAt(sops, "mac_only_encrypted") !== "true";
}
