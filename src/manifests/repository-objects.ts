/** The objects of a repository that tell another tool what to do, found by a word of theirs and read once. */

import { Buffer } from "node:buffer";
import { blankDocuments } from "./blank-documents.ts";
import { type Cursor, childOf, itemsOf, textAt, topOf } from "./cursor.ts";
import { isDefinition } from "./definition.ts";
import { decodeText, parseSource } from "./source-file.ts";

export type Files = ReadonlyMap<string, Uint8Array>;

/** An object, and where it stands: the index is that of its document in the file. */
export interface PlacedObject {
  readonly file: string;
  readonly index: number;
  readonly object: Cursor;
}

/** Every object of the documents of YAML files that hold a word, but definitions; files that cannot be read have none. */
export function objectsWith(word: string, files: Files): readonly PlacedObject[] {
  const holding = [...files].filter(
    ([file, bytes]) =>
      /\.ya?ml$/.test(file) && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(word),
  );
  return holding.flatMap(([file, bytes]) => objectsOf(file, bytes, word));
}

function objectsOf(file: string, bytes: Uint8Array, word: string): readonly PlacedObject[] {
  const text = decodeText(bytes);
  const isHolding = (document: string): boolean => document.includes(word) && !isDefinition(document);
  const holding = text === null ? null : blankDocuments(text, isHolding);
  const source = text === null || holding === null ? null : parseSource(text, holding);
  if (source?.ok !== true) return [];
  return source.value.documents.flatMap((document, index) => {
    const top = document.errors.length > 0 ? null : topOf(document);
    if (top === null) return [];
    const items = textAt(top, "kind").endsWith("List") ? childOf(top, "items") : null;
    return (items === null ? [top] : itemsOf(items)).map((object) => ({ file, index, object }));
  });
}

/** What is read of a set of files, once for each set. */
export function rememberedFor<T, K extends object = Files>(read: (files: K) => T): (files: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (files) => {
    const found = known.get(files) ?? { value: read(files) };
    known.set(files, found);
    return found.value;
  };
}
