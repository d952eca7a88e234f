/** The bytes that one edit of an image replaces, and by what. */

import { type Scalar, type YAMLMap, isMap, isScalar, isSeq } from "yaml";
import type { ImageEditPlace, ImageValue, Occurrence } from "../model/update.ts";
import { pairOf } from "./node-path.ts";
import { valueText } from "./image-value.ts";
import { insertionOf } from "./insertion.ts";
import { needsQuotes } from "./quoting.ts";
import { stepsOf } from "./shape.ts";
import { type SourceFile, parseEmbedded } from "./source-file.ts";
import { verbatim } from "./verbatim.ts";

/** Bytes of the file and their replacement; `value` is the whole scalar at `path` afterwards. */
export interface Change {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly value: string;
  readonly added: boolean;
}

/** Null where the file does not hold what the occurrence says, or the new value has a part that is not written there. */
export function changesOf(
  source: SourceFile,
  { occurrence, to }: { readonly occurrence: Occurrence; readonly to: ImageValue },
): readonly Change[] | null {
  const { path, start, end } = occurrence;
  const places = occurrence.edits ?? [{ path, role: "value", start, end }];
  if (!hasRoomFor(places, occurrence, to)) return null;
  const changes = places.flatMap((place) => {
    const [old, text] = [occurrence, to].map((value) => roleText(place.role, value));
    if (!old || !text) return [];
    return (
      (place.start === place.end
        ? added(source, place, text)
        : changed(source, occurrence, { place, old, text })) ?? []
    );
  });
  return changes.length === places.length ? changes : null;
}

/** Tag and digest are one value: what is written has to be given, and nothing else can be. */
function hasRoomFor(places: readonly ImageEditPlace[], from: ImageValue, to: ImageValue): boolean {
  if ((from.tag === null) !== (to.tag === null)) return false;
  return places.some(({ role }) => role === "value") || (from.digest === null) === (to.digest === null);
}

function roleText(role: ImageEditPlace["role"], value: ImageValue): string | null {
  if (role === "value") return valueText(value);
  if (role === "tag") return value.tag;
  return role === "digest" ? value.digest : (value.digest?.replace(/^sha256:/, "") ?? null);
}

interface Wanted {
  readonly place: ImageEditPlace;
  readonly old: string;
  readonly text: string;
}

/** The part, or the whole scalar where the new one has to be quoted. */
function changed(source: SourceFile, occurrence: Occurrence, { place, old, text }: Wanted): Change | null {
  const found = resolve(source, stepsOf(place.path));
  const node = found?.node;
  if (found === null || !isScalar(node) || !node.range) return null;
  const { source: own } = found;
  const written = typeof node.value === "string" ? node.value : (node.source ?? "");
  const lead = written.slice(0, -old.length);
  const toText = verbatim(own.text, node, written);
  if (toText === null || !written.endsWith(old) || !belongsTo(occurrence, lead)) return null;
  const [start, end] = [lead.length, written.length].map((at) => own.byteOf(toText(at)));
  if (start !== place.start || end !== place.end) return null;
  const value = lead + text;
  const common = { path: place.path, value, added: false };
  if (isSafe(node, value)) return { ...common, start, end, text };
  const [from, until] = node.range;
  return { ...common, start: own.byteOf(from), end: own.byteOf(until), text: `"${value}"` };
}

/** Whether a value may stand as the old one does. In JSON no text can take the place of a number without quotes. */
function isSafe(node: Scalar, value: string): boolean {
  return node.type !== "PLAIN" || (typeof node.value === "string" && !needsQuotes(value));
}

/** What stands before the value: nothing, or the name with its separator, with a scheme or without its registry. */
function belongsTo(occurrence: Occurrence, lead: string): boolean {
  if (lead === "") return true;
  const name = occurrence.image + (occurrence.tag === null ? "@" : ":");
  return name.endsWith(lead) || lead.endsWith(name);
}

/** A key that is not there yet. */
function added(source: SourceFile, place: ImageEditPlace, value: string): Change | null {
  const steps = stepsOf(place.path);
  const found = resolve(source, steps.slice(0, -1));
  const key = steps.at(-1) ?? "";
  if (found === null || !isMap(found.node) || pairOf(found.node, key) !== undefined) return null;
  const insertion = insertionOf(found.source.text, found.node);
  if (insertion === null || found.source.byteOf(insertion.offset) !== place.start) return null;
  const text = insertion.text(key, value);
  return { path: place.path, start: place.start, end: place.end, text, value, added: true };
}

interface Resolved {
  readonly node: YAMLMap | Scalar;
  /** The text that holds the node: the file, or a string in it. */
  readonly source: SourceFile;
}

/** Follows a pointer, into strings that are YAML themselves where it goes on behind a scalar. */
function resolve(source: SourceFile, steps: readonly string[]): Resolved | null {
  const [index = "", ...keys] = steps;
  let node: unknown = source.documents[Number(index)]?.contents;
  for (const [depth, key] of keys.entries()) {
    if (isMap(node)) node = pairOf(node, key)?.value;
    else if (isSeq(node)) node = node.items[Number(key)];
    else if (isScalar(node) && typeof node.value === "string") {
      const inner = parseEmbedded(source, node, node.value);
      return inner?.ok === true ? resolve(inner.value, keys.slice(depth)) : null;
    } else return null;
  }
  return isMap(node) || isScalar(node) ? { node, source } : null;
}
