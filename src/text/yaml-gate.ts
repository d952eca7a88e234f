/** What a YAML text may cost at most, checked before any parser that recurses or compares keys sees it. */

import { Buffer } from "node:buffer";
import { Lexer } from "yaml";

/** Limits of one file. Real manifests stay far below; the parser needs seconds or the whole stack beyond them. */
export const yamlLimits = {
  bytes: 1024 * 1024,
  depth: 64,
  keys: 5000,
  aliases: 100,
  documents: 2000,
  /** Lexer tokens: what a parse costs in time, which is cut off before it begins. */
  tokens: 250_000,
} as const;

/** Why a text is not parsed, and where (a UTF-16 offset) it went over the limit. */
export interface GateRefusal {
  readonly offset: number;
  readonly reason: string;
}

/** An open collection: a block one begins at a column, a flow one ends at its bracket. */
interface Level {
  readonly column: number;
  readonly flow: boolean;
  keys: number;
}

/** Tokens of the lexer that stand for no text: document start, the flow error mark, "a scalar follows". */
const scalarFollows = "\u001f";
const markers = new Set(["\u0002", "\u0018", scalarFollows]);

/** Null when the text may be parsed. */
export function gateYaml(text: string): GateRefusal | null {
  const tokens = lexWithin(text);
  let next = tokens.next();
  while (next.done !== true) next = tokens.next();
  return next.value;
}

/**
 * The tokens of a text, up to the first that goes over a limit, which is the outcome then. Nothing recurses here: one pass, with the open collections on a stack. A column
 * at which something begins counts as a level, which is never less than the true depth by more than half.
 */
export function* lexWithin(text: string): Generator<string, GateRefusal | null> {
  if (Buffer.byteLength(text) > yamlLimits.bytes) return { offset: 0, reason: "is over 1 MiB" };
  if (text.includes("\0")) return { offset: text.indexOf("\0"), reason: "holds a NUL byte: not text" };
  const levels: Level[] = [];
  const counts = { aliases: 0, documents: 0, tokens: 0 };
  let offset = 0;
  let lineStart = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    counts.tokens += 1;
    if (!scalar && markers.has(token)) {
      scalar = token === scalarFollows;
      yield token;
      continue;
    }
    if (scalar || opensContent(token)) enter(levels, offset - lineStart);
    if (!scalar) count(levels, counts, token);
    scalar = false;
    const reason = overLimit(levels, counts);
    if (reason !== null) return { offset, reason };
    const newline = token.lastIndexOf("\n");
    if (newline >= 0) lineStart = offset + newline + 1;
    offset += token.length;
    yield token;
  }
  return null;
}

const contentStart = /^[-?&*!"'[{]/;

function opensContent(token: string): boolean {
  return contentStart.test(token) && !token.startsWith("---");
}

/** Something begins at a column: block collections that began further right are closed. */
function enter(levels: Level[], column: number): void {
  let top = levels.at(-1);
  if (top?.flow === true) return;
  while (top !== undefined && top.column > column) {
    levels.pop();
    top = levels.at(-1);
  }
  if (top?.column !== column) levels.push({ column, flow: false, keys: 0 });
}

function count(levels: Level[], counts: Counts, token: string): void {
  const top = levels.at(-1);
  if (token.startsWith("*")) counts.aliases += 1;
  if (token.startsWith("---")) counts.documents += 1;
  if (token === "---") levels.length = 0;
  else if (token === "[" || token === "{") levels.push({ column: 0, flow: true, keys: 0 });
  else if ((token === "]" || token === "}") && top?.flow === true) levels.pop();
  else if (top !== undefined && (token === ":" || token === "," || token === "?")) top.keys += 1;
}

type Counts = Record<"aliases" | "documents" | "tokens", number>;

function overLimit(levels: readonly Level[], counts: Counts): string | null {
  if (levels.length > yamlLimits.depth) return `is nested deeper than ${yamlLimits.depth} levels`;
  if (counts.aliases > yamlLimits.aliases) return `holds more than ${yamlLimits.aliases} aliases`;
  if (counts.documents > yamlLimits.documents) return `holds more than ${yamlLimits.documents} documents`;
  if (counts.tokens > yamlLimits.tokens) return `has more than ${yamlLimits.tokens} parts`;
  if ((levels.at(-1)?.keys ?? 0) > yamlLimits.keys) return `has a map of more than ${yamlLimits.keys} keys`;
  return null;
}
