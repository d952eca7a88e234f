/** A manifest file as text with its parsed documents, and the way from places of the parser to places of the file. */

import { Buffer } from "node:buffer";
import { type CST, Composer, type Document, LineCounter, Parser, type Scalar } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";
import { verbatim } from "./verbatim.ts";
import { type GateRefusal, lexWithin } from "../text/yaml-gate.ts";

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
 * list: see its `errors`. Two equal keys are no error, as clusters take them.
 */
export function parseSource(text: string): Result<SourceFile> {
  const lines = new LineCounter();
  const parsed = parseDocuments(text, lines);
  if (!parsed.ok) return parsed;
  return ok({
    text,
    documents: parsed.value,
    placeOf: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
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

function parseDocuments(text: string, lineCounter?: LineCounter): Result<readonly Document.Parsed[]> {
  const syntax = syntaxOf(text, lineCounter);
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
  const documents = [...composer.compose(syntax.tokens)];
  const refused = syntax.refused();
  if (refused === null) return ok(documents);
  return fail("malformed", `line ${lineOf(text, refused.offset)}: ${refused.reason}`);
}

/** What the parser makes of the tokens that pass the gate, so that a text is taken apart only once. */
function syntaxOf(
  text: string,
  lineCounter?: LineCounter,
): { readonly tokens: Iterable<CST.Token>; readonly refused: () => GateRefusal | null } {
  let refusal: GateRefusal | null = null;
  function* parse(): Generator<CST.Token> {
    lineCounter?.addNewLine(0);
    const parser = new Parser(lineCounter?.addNewLine);
    const tokens = lexWithin(text);
    let next = tokens.next();
    for (; next.done !== true; next = tokens.next()) yield* parser.next(next.value);
    refusal = next.value;
    if (refusal === null) yield* parser.end();
  }
  return { tokens: parse(), refused: () => refusal };
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
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
