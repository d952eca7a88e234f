/** How a value is written into a manifest, in the layout of what stands around it. */

import { stringify } from "yaml";
import { needsQuotes } from "./quoting.ts";

/** Of the value that stood there before, as far as it tells how the new one should look. */
export interface OldScalar {
  readonly type: string | undefined;
  readonly source: string | undefined;
}

/** The text of a scalar on one line: quoted as the old one was, plain where that is safe for every parser, else in quotes. */
export function scalarText(value: unknown, old?: OldScalar): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (old?.type === "QUOTE_SINGLE" && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  if (old?.type === "QUOTE_DOUBLE" || !isPlain(value)) return JSON.stringify(value);
  return value;
}

/** Characters that begin or end a plain scalar nowhere, and what ends one in flow collections and before comments. */
function isPlain(text: string): boolean {
  if (needsQuotes(text) || !isPrintable(text) || text !== text.trim()) return false;
  return !/^[-?:,[\]{}#&*!|>'"%@`]|: |:$| #|[,[\]{}]/.test(text);
}

function isPrintable(text: string): boolean {
  return /^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text);
}

/** A text of several lines as a literal block with this indent, or null where a block cannot hold it. */
export function blockText(value: string, indent: string): string | null {
  const lines = value.replace(/\n$/, "").split("\n");
  const isOfLines = value.includes("\n") && !/^\s/.test(value);
  if (!isOfLines || !lines.every((line) => isPrintable(line) && !line.endsWith(" "))) return null;
  const written = lines.map((line) => (line === "" ? "" : `${indent}${line}`));
  return `|${chomping(value)}\n${written.join("\n")}`;
}

/** Whether the last line end of a block belongs to its text, and those before it. */
function chomping(value: string): string {
  if (!value.endsWith("\n")) return "-";
  return value.endsWith("\n\n") ? "+" : "";
}

/** A collection as block lines, the first without and the others with the indent. Empty ones are written in brackets. */
export function collectionText(value: object, indent: string): string {
  const text = stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
  return text.trimEnd().replaceAll("\n", `\n${indent}`);
}

/** Whether a value takes lines of its own in block layout. */
export function takesLines(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
