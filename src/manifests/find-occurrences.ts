/** Where images stand in one file. */

import { type Document, isMap } from "yaml";
import { parseImageReference } from "../model/image.ts";
import type { Occurrence } from "../model/update.ts";
import { type Place, pointer } from "./shape.ts";
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

/** Whether a file can be a manifest, by its name. */
export function isManifestFile(file: string): boolean {
  return /\.(?:ya?ml|json)$/.test(file);
}

/**
 * Every image reference of a YAML or JSON file that one of the shapes knows. A file that cannot be read is no failure: it
 * is in `skipped`, if it mentions an image at all.
 */
export function findOccurrences(file: string, bytes: Uint8Array): Found {
  const text = decodeText(bytes);
  if (text === null) return { ...nothing, skipped: [{ file, line: 1, reason: "not UTF-8 text" }] };
  if (!text.includes("image")) return nothing;
  const source = parseSource(text);
  if (!source.ok) return { ...nothing, skipped: [{ file, line: 1, reason: source.failure.message }] };
  const found = source.value.documents.map((document, index) =>
    document.errors.length > 0
      ? { occurrences: [], skipped: [unreadable(file, source.value, document)] }
      : findInDocument(file, source.value, document, index),
  );
  return {
    occurrences: found.flatMap(({ occurrences }) => occurrences),
    skipped: found.flatMap(({ skipped }) => skipped),
  };
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

function findInDocument(file: string, source: SourceFile, document: Document.Parsed, index: number): Found {
  const root = document.contents;
  if (!isMap(root)) return nothing;
  const occurrences: Occurrence[] = [];
  const skipped: SkippedPlace[] = [];
  const skip = (offset: number, reason: string): void => {
    skipped.push({ file, line: source.placeOf(offset).line, reason });
  };
  for (const [shape, find] of Object.entries(shapes)) {
    for (const place of find(root)) {
      if (place.type === "skipped") {
        skip(place.node.range?.[0] ?? document.range[0], place.reason);
        continue;
      }
      const read = readReference(source, place);
      if ("reason" in read) skip(place.scalar.range?.[0] ?? 0, read.reason);
      else occurrences.push({ file, shape, path: pointer(index, place.path), ...read });
    }
  }
  return { occurrences: occurrences.toSorted((a, b) => a.start - b.start), skipped };
}

type Read = Omit<Occurrence, "file" | "shape" | "path">;

/** The part behind the repository's name is what an edit replaces: tag, digest or both. */
function readReference(source: SourceFile, place: Place & { type: "reference" }): Read | { reason: string } {
  const { value, range } = place.scalar;
  if (typeof value !== "string" || !range) return { reason: "not text" };
  if (/\{\{|\$[({]/.test(value)) return { reason: "a template" };
  const parsed = parseImageReference(value);
  if (!parsed.ok) return { reason: "not an image reference" };
  const at = source.text.slice(range[0], range[1]).indexOf(value);
  if (at < 0) return { reason: "written with escapes or over several lines" };
  const { name, tag = null, digest = null } = parsed.value;
  const separator = tag === null && digest === null ? 0 : 1;
  const start = range[0] + at + name.length + separator;
  return {
    ...source.placeOf(start),
    image: name,
    tag,
    digest,
    start: source.byteOf(start),
    end: source.byteOf(range[0] + at + value.length),
  };
}
