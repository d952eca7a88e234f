/** Reads the part of the GraphQL language that clients of the sandbox use: one operation, fields, arguments, variables. */

import { GraphqlError } from "./graphql-error.ts";

export interface Field {
  readonly name: string;
  readonly alias: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Empty for a leaf. */
  readonly fields: readonly Field[];
  /** Set where the field stands in an inline fragment for one type. */
  readonly on?: string;
}

export interface Operation {
  readonly kind: "query" | "mutation";
  readonly fields: readonly Field[];
}

const token = /[\s,]+|#[^\n]*|("(?:[^"\\\n]|\\.)*"|\.\.\.|[!$()[\]{}:=|@]|-?\d+(?:\.\d+)?|[_A-Za-z]\w*)/gy;

/** Throws `GraphqlError` for what GitHub would refuse and for the rest of the language, which is not here. */
export function parseOperation(query: string, variables: Readonly<Record<string, unknown>>): Operation {
  return new Parser(tokens(query), variables).operation();
}

function tokens(query: string): string[] {
  const found: string[] = [];
  let end = 0;
  for (const match of query.matchAll(token)) {
    end = match.index + match[0].length;
    if (match[1] !== undefined) found.push(match[1]);
  }
  if (end !== query.length) throw unexpected(query.slice(end, end + 10));
  return found;
}

function unexpected(found: string | undefined): GraphqlError {
  return new GraphqlError("PARSE_ERROR", `Parse error on "${found ?? "end of file"}"`);
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #variables: Readonly<Record<string, unknown>>;
  #at = 0;

  constructor(list: readonly string[], variables: Readonly<Record<string, unknown>>) {
    this.#tokens = list;
    this.#variables = variables;
  }

  operation(): Operation {
    const kind = this.#peek() === "{" ? "query" : this.#take();
    if (kind !== "query" && kind !== "mutation") throw unexpected(kind);
    if (/^\w/.test(this.#peek() ?? "")) this.#take();
    if (this.#peek() === "(") this.#skipDeclarations();
    const fields = this.#selection();
    if (this.#peek() !== undefined) throw unexpected(this.#peek());
    return { kind, fields };
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(wanted?: string): string {
    const next = this.#tokens[this.#at];
    if (next === undefined || (wanted !== undefined && next !== wanted)) throw unexpected(next);
    this.#at += 1;
    return next;
  }

  #skipDeclarations(): void {
    let depth = 0;
    do {
      const next = this.#take();
      depth += next === "(" ? 1 : next === ")" ? -1 : 0;
    } while (depth > 0);
  }

  #selection(): Field[] {
    this.#take("{");
    const fields: Field[] = [];
    while (this.#peek() !== "}") fields.push(...this.#field());
    this.#take("}");
    return fields;
  }

  #field(): Field[] {
    if (this.#peek() === "...") {
      this.#take();
      this.#take("on");
      const on = this.#take();
      return this.#selection().map((field) => ({ ...field, on }));
    }
    const alias = this.#take();
    if (!/^\w/.test(alias)) throw unexpected(alias);
    const name = this.#peek() === ":" ? (this.#take(), this.#take()) : alias;
    const args = this.#peek() === "(" ? this.#object("(", ")") : {};
    return [{ name, alias, arguments: args, fields: this.#peek() === "{" ? this.#selection() : [] }];
  }

  #object(open: string, close: string): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#take(open);
    while (this.#peek() !== close) {
      const name = this.#take();
      this.#take(":");
      entries.push([name, this.#value()]);
    }
    this.#take(close);
    return Object.fromEntries(entries);
  }

  #value(): unknown {
    const next = this.#peek();
    if (next === "{") return this.#object("{", "}");
    if (next === "[") return this.#list();
    const word = this.#take();
    if (word === "$") return this.#variables[this.#take()];
    if (word.startsWith('"')) return JSON.parse(word) as string;
    if (/^-?\d/.test(word)) return Number(word);
    if (word === "true" || word === "false") return word === "true";
    return word === "null" ? null : word;
  }

  #list(): unknown[] {
    const values: unknown[] = [];
    this.#take("[");
    while (this.#peek() !== "]") values.push(this.#value());
    this.#take("]");
    return values;
  }
}
