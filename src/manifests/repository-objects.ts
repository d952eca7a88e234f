/** The objects of a repository that tell another tool what to do, found by a word of theirs and read once. */

import { Buffer } from "node:buffer";
import { type Cursor, childOf, itemsOf, textAt, topOf } from "./cursor.ts";
import { decodeText, parseSource } from "./source-file.ts";

export type Files = ReadonlyMap<string, Uint8Array>;

/** An object, and where it stands: the index is that of its document in the file. */
export interface PlacedObject {
  readonly file: string;
  readonly index: number;
  readonly object: Cursor;
}

/** Every object of the YAML files that hold a word; files that cannot be read have none. */
export function objectsWith(word: string, files: Files): readonly PlacedObject[] {
  const holding = [...files].filter(
    ([file, bytes]) =>
      /\.ya?ml$/.test(file) && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(word),
  );
  return holding.flatMap(([file, bytes]) => objectsOf(file, bytes));
}

function objectsOf(file: string, bytes: Uint8Array): readonly PlacedObject[] {
  const text = decodeText(bytes);
  const source = text === null ? null : parseSource(text);
  if (source?.ok !== true) return [];
  return source.value.documents.flatMap((document, index) => {
    const top = document.errors.length > 0 ? null : topOf(document);
    if (top === null) return [];
    const items = textAt(top, "kind").endsWith("List") ? childOf(top, "items") : null;
    return (items === null ? [top] : itemsOf(items)).map((object) => ({ file, index, object }));
  });
}

/** What is read of a set of files, once for each set. */
export function rememberedFor<T>(read: (files: Files) => T): (files: Files) => T {
  const known = new WeakMap<Files, { readonly value: T }>();
  return (files) => {
    const found = known.get(files) ?? { value: read(files) };
    known.set(files, found);
    return found.value;
  };
}
