/** A manifest file as text with its parsed documents, and the way from places of the parser to places of the file. */

import { Buffer } from "node:buffer";
import { type CST, Composer, type Document, LineCounter, Parser, type Scalar } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";
import { lexWithin, manifestLimits } from "../text/yaml-gate.ts";
import { verbatim } from "./verbatim.ts";

export interface SourceFile {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  /** 1-based line and column, in the file, of a UTF-16 offset of the text. */
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
  /** The byte of the file at which the character of a UTF-16 offset begins: the parser counts UTF-16, files are UTF-8. */
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
 * list: see its `errors`. Two equal keys are no error, as clusters take them. `read` is the text with some documents blanked.
 */
export function parseSource(text: string, read = text): Result<SourceFile> {
  const parsed = parseDocuments(read);
  if (!parsed.ok) return parsed;
  return ok({
    text,
    documents: parsed.value,
    placeOf: placeFinder(text),
    byteOf: byteCounter(text),
  });
}

/** The documents within a string of a file; null where its characters do not stand in the file as they are. */
export function parseEmbedded(outer: SourceFile, scalar: Scalar, text: string): Result<SourceFile> | null {
  const toOuter = verbatim(outer.text, scalar, text);
  if (toOuter === null) return null;
  const parsed = parseDocuments(text);
  if (!parsed.ok) return parsed;
  return ok({
    text,
    documents: parsed.value,
    placeOf: (offset) => outer.placeOf(toOuter(offset)),
    byteOf: (offset) => outer.byteOf(toOuter(offset)),
  });
}

function parseDocuments(text: string): Result<readonly Document.Parsed[]> {
  const parser = new Parser();
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
  const documents: Document.Parsed[] = [];
  const compose = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) documents.push(...composer.next(token));
  };
  const refused = lexWithin(text, manifestLimits, (lexeme) => compose(parser.next(lexeme)));
  if (refused !== null) return fail("malformed", `line ${lineOf(text, refused.offset)}: ${refused.reason}`);
  compose(parser.end());
  documents.push(...composer.end());
  return ok(documents);
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The lines are looked for when the first place is asked for: in most files none is. */
function placeFinder(text: string): SourceFile["placeOf"] {
  let lines: LineCounter | null = null;
  return (offset) => {
    lines ??= linesOf(text);
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0; ;) {
    lines.addNewLine(start);
    const newline = text.indexOf("\n", start);
    if (newline < 0) return lines;
    start = newline + 1;
  }
}

/** Counts on from the last answer, so that a file's places in order cost one pass in all. */
function byteCounter(text: string): (offset: number) => number {
  let at = 0;
  let bytes = 0;
  return (offset) => {
    if (offset < at) bytes -= Buffer.byteLength(text.slice(offset, at));
    else bytes += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    return bytes;
  };
}
