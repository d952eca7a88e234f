/** From the scalars that hold tag and digest apart to one occurrence. */

import { isMap } from "yaml";
import { isDigest, isTag, parseImageReference } from "../model/image.ts";
import type { ImageEditPlace, ImageValue } from "../model/update.ts";
import type { Cursor } from "./cursor.ts";
import { readValue } from "./image-value.ts";
import { insertionOf } from "./insertion.ts";
import {
  type PlacedPart,
  type Read,
  type Refusal,
  type Scope,
  isTemplate,
  offsetOf,
  partAt,
  plainText,
} from "./read-place.ts";
import { type Inherited, type PartsPlace, pointer } from "./shape.ts";

/** Tag and digest, each in a scalar of its own; what is empty is not there. */
export function readParts(scope: Scope, place: PartsPlace): Read | Refusal {
  const offset = offsetOf(place.tag ?? place.digest ?? place.inherited?.map ?? place.map);
  if (isTemplate(place.image)) return { offset, reason: "a template" };
  if (!parseImageReference(place.image).ok) return { offset, reason: "not an image reference" };
  const found: PlacedValue[] = [];
  for (const read of [readTag, readDigest]) {
    const part = read(scope, place);
    if (part === null) continue;
    if ("reason" in part) return part;
    found.push(part);
  }
  if (found.length === 0 && place.inherited !== undefined) {
    const parts = insertedParts(scope, place.inherited);
    if ("reason" in parts) return parts;
    found.push(...parts);
  }
  return found[0] === undefined ? { offset, reason: "names no version" } : together(scope, place, found);
}

/** A part of a value with its place. */
type PlacedValue = PlacedPart & ImageValue;

function together(scope: Scope, { image, map }: PartsPlace, found: readonly PlacedValue[]): Read | Refusal {
  const digests = found.flatMap(({ digest }) => digest ?? []);
  const offset = found[0]?.offset ?? 0;
  if (digests.length > 1) return { offset, reason: "names two digests" };
  return {
    path: pointer([...scope.prefix, ...map.path]),
    image,
    tag: found[0]?.tag ?? null,
    digest: digests[0] ?? null,
    start: found[0]?.start ?? 0,
    end: found[0]?.end ?? 0,
    ...scope.source.placeOf(offset),
    edits: found.map(({ path, role, start, end }) => ({ path, role, start, end })),
  };
}

/** A tag key may hold `1.2@sha256:…` or a digest alone as well. */
function readTag(scope: Scope, { tag: at }: PartsPlace): PlacedValue | Refusal | null {
  const text = at === null ? "" : plainText(at);
  if (typeof text !== "string") return text;
  if (at === null || text === "") return null;
  if (isTag(text)) return placed(scope, at, "tag", { text, tag: text, digest: null });
  const value = readValue(text);
  return value === null
    ? { offset: offsetOf(at), reason: "not a tag" }
    : placed(scope, at, "value", { text, ...value });
}

/** A digest with its algorithm, or the bare hexadecimal form that some charts put `sha256:` in front of. */
function readDigest(scope: Scope, { digest: at }: PartsPlace): PlacedValue | Refusal | null {
  const text = at === null ? "" : plainText(at);
  if (typeof text !== "string") return text;
  if (at === null || text === "") return null;
  if (isDigest(text)) return placed(scope, at, "digest", { text, tag: null, digest: text });
  const digest = `sha256:${text}`;
  if (!isDigest(digest)) return { offset: offsetOf(at), reason: "not a digest" };
  return placed(scope, at, "hex", { text, tag: null, digest });
}

function placed(
  scope: Scope,
  at: Cursor,
  role: ImageEditPlace["role"],
  { text, tag, digest }: ImageValue & { readonly text: string },
): PlacedValue | Refusal {
  const part = partAt(scope, at, role, text);
  return "reason" in part ? part : { ...part, tag, digest };
}

/** The value in force comes from elsewhere; a new one would have keys of its own. */
function insertedParts(
  { source, prefix }: Scope,
  { map, keys, tag, digest }: Inherited,
): readonly PlacedValue[] | Refusal {
  const insertion = isMap(map.node) ? insertionOf(source.text, map.node) : null;
  const offset = offsetOf(map);
  if (insertion === null) return { offset, reason: "leaves no room for a tag" };
  const start = source.byteOf(insertion.offset);
  const partOf = (role: "tag" | "digest", value: ImageValue): readonly PlacedValue[] => {
    const path = pointer([...prefix, ...map.path, keys[role]]);
    return value[role] === null ? [] : [{ path, role, start, end: start, offset, ...value }];
  };
  return [...partOf("tag", { tag, digest: null }), ...partOf("digest", { tag: null, digest })];
}
