/** A manifest file as text with its parsed documents, and the way from places of the parser to places of the file. */

import { Buffer } from "node:buffer";
import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";
import { gateYaml } from "./yaml-gate.ts";

export interface SourceFile {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  /** 1-based line and column of a UTF-16 offset. */
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
  /** The byte at which the character of a UTF-16 offset begins: the parser counts UTF-16, files are UTF-8. */
  readonly byteOf: (offset: number) => number;
}

/** The text of a file, its byte-order mark kept; null where it is not UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Parses a text within the limits of the gate; `malformed` says why not. A document with errors of its own is still in the
 * list: see its `errors`. Two equal keys are no error, as clusters take them.
 */
export function parseSource(text: string): Result<SourceFile> {
  const refused = gateYaml(text);
  if (refused !== null) return fail("malformed", `line ${lineOf(text, refused.offset)}: ${refused.reason}`);
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: "silent" } as const;
  const documents = parseAllDocuments(text, options);
  return ok({
    text,
    documents: "empty" in documents ? [] : documents,
    placeOf: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
    byteOf: byteCounter(text),
  });
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Counts on from the last answer, so that a file's places in order cost one pass in all. */
function byteCounter(text: string): (offset: number) => number {
  let at = 0;
  let bytes = 0;
  return (offset) => {
    if (offset < at) [at, bytes] = [0, 0];
    bytes += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    return bytes;
  };
}
