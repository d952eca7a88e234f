/** From a scalar that holds an image to an occurrence: what stands there, and which bytes hold it. */

import { isMap, isScalar } from "yaml";
import { parseImageReference } from "../model/image.ts";
import type { ImageEditPlace, Occurrence } from "../model/update.ts";
import { type Cursor, textOf } from "./cursor.ts";
import { type NodePath, isDoubled } from "./node-path.ts";
import { valueText } from "./image-value.ts";
import { type ReferencePlace, pointer } from "./shape.ts";
import type { SourceFile } from "./source-file.ts";
import { verbatim } from "./verbatim.ts";

export type Read = Omit<Occurrence, "file" | "shape">;

/** Why a place is not followed; the offset is one of its text. */
export interface Refusal {
  readonly offset: number;
  readonly reason: string;
}

/** A text of the file, or of a string in it, and the steps of a pointer that lead to the document. */
export interface Scope {
  readonly source: SourceFile;
  readonly prefix: NodePath;
}

/** Whether a text is filled in by a template engine or from variables. */
export function isTemplate(text: string): boolean {
  return /\{\{|\$[({]|<%|\{%|^\{\w*\}$/.test(text);
}

/** The part behind the repository's name is what an edit replaces: tag, digest or both. */
export function readReference(scope: Scope, place: ReferencePlace): Read | Refusal {
  const { at, registry, lead = 0 } = place;
  const text = plainText(at);
  if (typeof text !== "string") return text;
  const offset = offsetOf(at);
  if (isScalar(at.node) && typeof at.node.value !== "string") return { offset, reason: "not text" };
  const scheme = /^(?:oci|docker):\/\//.exec(text)?.[0] ?? "";
  const parsed = parseImageReference(text.slice(scheme.length + lead));
  if (!parsed.ok) return { offset, reason: "not an image reference" };
  const { name, tag = null, digest = null } = parsed.value;
  if (tag === null && digest === null) return { offset, reason: "names no version" };
  const edit = partAt(scope, at, "value", valueText({ tag, digest }));
  if ("reason" in edit) return edit;
  const { path, start, end } = edit;
  const whole = { path, image: joinRegistry(registry, name), tag, digest, start, end };
  const read = { ...whole, ...scope.source.placeOf(edit.offset) };
  return place.twin === undefined ? read : withTwin(scope, { ...read, offset }, place.twin);
}

/** The version beside a reference: an edit has to change both. */
function withTwin(
  scope: Scope,
  { offset, ...read }: Read & Pick<Refusal, "offset">,
  twin: Cursor,
): Read | Refusal {
  if (read.tag === null || textOf(twin) !== read.tag)
    return { offset, reason: "a version that is not the tag of the image beside it" };
  const part = partAt(scope, twin, "tag", read.tag);
  if ("reason" in part) return { ...part, offset };
  const { path, start, end } = read;
  const edits: ImageEditPlace[] = [
    { path, role: "value", start, end },
    { path: part.path, role: "tag", start: part.start, end: part.end },
  ];
  return { ...read, edits };
}

export function joinRegistry(registry: string | undefined, name: string): string {
  return registry === undefined || registry === "" ? name : `${registry.replace(/\/+$/, "")}/${name}`;
}

/** The text of a scalar that nobody fills in later. */
export function plainText(at: Cursor): string | Refusal {
  const offset = offsetOf(at);
  const text = textOf(at);
  if (text !== null) return isTemplate(text) ? { offset, reason: "a template" } : text;
  const braces = isMap(at.node) && at.node.flow === true;
  return { offset, reason: braces ? "a template" : "not text: a template, or a mistake" };
}

export type PlacedPart = ImageEditPlace & { readonly offset: number };

/** The bytes of a text that ends a scalar. */
export function partAt(
  { source, prefix }: Scope,
  at: Cursor,
  role: ImageEditPlace["role"],
  text: string,
): PlacedPart | Refusal {
  const document = source.documents[Number(prefix.at(-1))];
  if (isDoubled(document, at.path))
    return { offset: offsetOf(at), reason: "under a key that is given twice" };
  const value = textOf(at) ?? "";
  const toText = isScalar(at.node) ? verbatim(source.text, at.node, value) : null;
  if (toText === null) return { offset: offsetOf(at), reason: "written with escapes or over several lines" };
  const offset = toText(value.length - text.length);
  const start = source.byteOf(offset);
  return { path: pointer([...prefix, ...at.path]), role, start, end: start + text.length, offset };
}

export function offsetOf(cursor: Cursor | null | undefined): number {
  return cursor?.node.range?.[0] ?? 0;
}
