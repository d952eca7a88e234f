/** What one shape finds in a document, in the objects of a list and in strings that are YAML themselves. */

import { type Document, type Scalar, isScalar } from "yaml";
import { type Cursor, childOf, ownItems, textAt, textOf, topOf } from "./cursor.ts";
import { withFeeds } from "./feeds.ts";
import { readParts } from "./read-parts.ts";
import { type Read, type Refusal, type Scope, isTemplate, readReference } from "./read-place.ts";
import type { Context, EmbeddedPlace, Place, Shape } from "./shape.ts";
import { type SourceFile, parseEmbedded } from "./source-file.ts";

/** Strings in strings in strings: no manifest has more of them. */
const deepest = 3;

export interface Reading {
  readonly shape: Shape;
  /** All shapes as one, for strings that hold manifests. */
  readonly every: Shape;
  readonly scope: Scope;
  readonly context: Context;
  /** In how many strings the documents stand. */
  readonly depth: number;
  /** References that were read: another shape that comes to one would say the same of it, or less. */
  readonly known: Set<unknown>;
}

/** With the text to which its offsets belong. */
export type Outcome = readonly [Read | Refusal, Scope];

/** Besides the usual keys: kinds that name a version only, artifacts, and comments that name the image of what follows. */
const words =
  /image|tag|repository|digest|oci:|renovate:|package:|monitoring\.coreos\.com|k8s\.elastic\.co|grafana\.integreatly\.org/i;

/** A reference with its registry, or one with a digest. */
const reference = /@sha256:|[\w-]\.[a-z]{2,20}(?::\d+)?\/[\w./-]{1,120}:\w/;

/** Whether any shape could know a text, or an image be told of in it: looking for words is much cheaper than parsing. */
export function mentionsImages(text: string): boolean {
  return words.test(text) || reference.test(text);
}

export function* readDocument(top: Cursor, reading: Reading): Iterable<Outcome> {
  for (const object of objectsOf(top)) {
    if (textAt(object, "kind") === "CustomResourceDefinition") continue;
    for (const place of reading.shape(object, reading.context)) yield* readPlace(place, reading);
  }
}

/** A document, or the items of one that is a list of objects. */
function objectsOf(top: Cursor): readonly Cursor[] {
  const items = textAt(top, "kind").endsWith("List") ? childOf(top, "items") : null;
  return items === null ? [top] : ownItems(items);
}

function* readPlace(place: Place, reading: Reading): Iterable<Outcome> {
  const { scope } = reading;
  if (place.type === "reference") {
    const isPlain = !place.registry && !place.lead && place.twin === undefined;
    if (isPlain && reading.known.has(place.at.node)) return;
    reading.known.add(place.at.node);
    yield [readReference(scope, place), scope];
  } else if (place.type === "parts") yield [readParts(scope, place), scope];
  else if (place.type === "embedded") yield* readEmbedded(place, reading);
  else if (!reading.known.has(place.at))
    yield [{ offset: place.at.range?.[0] ?? 0, reason: place.reason }, scope];
}

function* readEmbedded(place: EmbeddedPlace, reading: Reading): Iterable<Outcome> {
  const { source } = reading.scope;
  const { node } = place.at;
  const text = textOf(place.at);
  if (text === null || !isScalar(node) || !mentionsImages(text) || reading.depth === deepest) return;
  const inner = innerOf(source, node, text);
  if (inner?.ok === true) yield* readInner(inner.value, place, reading);
  else {
    const reason = isTemplate(text) ? "a template" : "written with escapes or over several lines";
    yield [{ offset: node.range?.[0] ?? 0, reason: inner?.failure.message ?? reason }, reading.scope];
  }
}

/** Several shapes read the same string. */
const parsedStrings = new WeakMap<Scalar, ReturnType<typeof parseEmbedded>>();

function innerOf(source: SourceFile, node: Scalar, text: string): ReturnType<typeof parseEmbedded> {
  const known = parsedStrings.get(node);
  if (known !== undefined) return known;
  const inner = parseEmbedded(source, node, text);
  parsedStrings.set(node, inner);
  return inner;
}

function* readInner(inner: SourceFile, { at, find }: EmbeddedPlace, reading: Reading): Iterable<Outcome> {
  const shape = find ?? reading.every;
  const depth = reading.depth + 1;
  for (const [index, document] of inner.documents.entries()) {
    const scope = { source: inner, prefix: [...reading.scope.prefix, ...at.path, index] };
    const top = topOf(document);
    const broken = document.errors.length > 0;
    const reason = isTemplate(inner.text) ? "a template" : "not valid YAML";
    if (broken) yield [{ offset: document.range[0], reason: `${reason}: a text that is not read` }, scope];
    else if (top !== null) {
      for (const [read, at] of readDocument(top, { ...reading, scope, shape, depth }))
        yield ["reason" in read ? read : fed(document, scope, read), at];
    }
  }
}

function fed(document: Document.Parsed, scope: Scope, read: Read): Read {
  return withFeeds(document, scope, [read])[0] ?? read;
}
