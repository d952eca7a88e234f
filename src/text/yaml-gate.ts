/** What a YAML text may cost at most, checked before any parser that recurses or compares keys sees it. */

import { Buffer } from "node:buffer";
import { Lexer } from "yaml";

/** Limits of one text. */
export interface YamlLimits {
  readonly bytes: number;
  readonly depth: number;
  /** Of one map. */
  readonly keys: number;
  readonly aliases: number;
  readonly documents: number;
  /** Lexer tokens: what a parse costs in time, which is cut off before it begins. */
  readonly tokens: number;
}

const mebibyte = 1024 * 1024;

/** Real manifests stay far below; the parser needs seconds or the whole stack beyond them. */
export const yamlLimits: YamlLimits = {
  bytes: mebibyte,
  depth: 64,
  keys: 5000,
  aliases: 100,
  documents: 2000,
  tokens: 250_000,
};

/**
 * Of files that are looked through for images: the installation of a large operator has megabytes of schemas, of which no
 * token is read, and what an alias stands for is never put in its place.
 */
export const manifestLimits: YamlLimits = { ...yamlLimits, bytes: 4 * mebibyte, aliases: 1000 };

/** Why a text is not parsed, and where (a UTF-16 offset) it went over the limit. */
export interface GateRefusal {
  readonly offset: number;
  readonly reason: string;
}

/** Null when the text may be parsed. */
export function gateYaml(text: string): GateRefusal | null {
  return lexWithin(text, yamlLimits, () => {});
}

/** Hands on the tokens of a text; ends with the first that goes over a limit, which it answers, or with null. */
export function lexWithin(
  text: string,
  limits: YamlLimits,
  take: (token: string) => void,
): GateRefusal | null {
  if (Buffer.byteLength(text) > limits.bytes) return { offset: 0, reason: overBytes(limits) };
  if (text.includes("\0")) return { offset: text.indexOf("\0"), reason: "holds a NUL byte: not text" };
  const gate = new Gate(limits);
  for (const token of new Lexer().lex(text)) {
    const reason = gate.refusal(token);
    if (reason !== null) return { offset: gate.offset, reason };
    take(token);
  }
  return null;
}

/** `is over 1 MiB`. */
export function overBytes({ bytes }: YamlLimits): string {
  return `is over ${bytes / mebibyte} MiB`;
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

const blanks = new Set([" ", "\t", "\n", "\r", "#"]);
const contentStarts = new Set(["-", "?", "&", "*", "!", '"', "'", "[", "{"]);

/**
 * Counts what the tokens of one text cost. Nothing recurses here: one pass, with the open collections on a stack. A column at
 * which something begins counts as a level, which is never less than the true depth by more than half.
 */
class Gate {
  /** Of the next token, in UTF-16 units. */
  offset = 0;
  readonly #limits: YamlLimits;
  readonly #levels: Level[] = [];
  #lineStart = 0;
  #isScalar = false;
  #aliases = 0;
  #documents = 0;
  #tokens = 0;

  constructor(limits: YamlLimits) {
    this.#limits = limits;
  }

  /** Why a token goes over a limit; null where it does not, and counts. */
  refusal(token: string): string | null {
    this.#tokens += 1;
    const first = token[0] ?? "";
    const isScalar = this.#isScalar;
    this.#isScalar = false;
    if (!isScalar && token.length === 1 && markers.has(token)) {
      this.#isScalar = token === scalarFollows;
      return this.#overLimit();
    }
    if (isScalar || !blanks.has(first)) {
      if (isScalar || (contentStarts.has(first) && !token.startsWith("---"))) this.#enter();
      if (!isScalar) this.#count(token);
    }
    const reason = this.#overLimit();
    if (reason === null) this.#pass(token);
    return reason;
  }

  #pass(token: string): void {
    const newline = token.lastIndexOf("\n");
    if (newline >= 0) this.#lineStart = this.offset + newline + 1;
    this.offset += token.length;
  }

  /** Something begins: block collections that began further right are closed. */
  #enter(): void {
    const column = this.offset - this.#lineStart;
    let top = this.#levels.at(-1);
    if (top?.flow === true) return;
    while (top !== undefined && top.column > column) {
      this.#levels.pop();
      top = this.#levels.at(-1);
    }
    if (top?.column !== column) this.#levels.push({ column, flow: false, keys: 0 });
  }

  #count(token: string): void {
    const top = this.#levels.at(-1);
    if (token.startsWith("*")) this.#aliases += 1;
    if (token.startsWith("---")) this.#documents += 1;
    if (token === "---") this.#levels.length = 0;
    else if (token === "[" || token === "{") this.#levels.push({ column: 0, flow: true, keys: 0 });
    else if ((token === "]" || token === "}") && top?.flow === true) this.#levels.pop();
    else if (top !== undefined && (token === ":" || token === "," || token === "?")) top.keys += 1;
  }

  #overLimit(): string | null {
    const { depth, aliases, documents, tokens, keys } = this.#limits;
    if (this.#levels.length > depth) return `is nested deeper than ${depth} levels`;
    if (this.#aliases > aliases) return `holds more than ${aliases} aliases`;
    if (this.#documents > documents) return `holds more than ${documents} documents`;
    if (this.#tokens > tokens) return `has more than ${tokens} parts`;
    return (this.#levels.at(-1)?.keys ?? 0) > keys ? `has a map of more than ${keys} keys` : null;
  }
}
