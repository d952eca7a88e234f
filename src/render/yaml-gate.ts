/** Refuses YAML that could exhaust the parser, by looking at the text only, before any parser sees it. */

import { type Result, fail, ok } from "../model/failure.ts";

/** Bytes of one file. */
export const maximumBytes = 1_048_576;
/** Collections within collections; recursive parsers run out of stack not far above a few thousand. */
export const maximumDepth = 64;
/** Keys of one mapping: the duplicate check of the parser compares each with each. */
export const maximumKeys = 5_000;
/** Aliases that one document may resolve, against exponential expansion. */
export const maximumAliases = 100;

const blockScalarHeader = /(?:^|[\s:-])[|>][+-]?\d?[+-]?\s*(?:#.*)?$/;
/** A quote within a plain word (`it's`) opens nothing. */
const quoted = /(?<![^\s[{,:])(?:"(?:[^"\\]|\\.)*"|'[^']*')/g;
const comment = /(?:^|\s)#.*$/;
const compactEntry = /^(?:[-?][ \t]+)/;

/**
 * `too-large` or `malformed` with the line. Depth is counted from indentation, compact entries (`- - -`) and open brackets;
 * it may overcount odd plain text, never undercount what nests.
 */
export function gateYaml(file: string, bytes: Uint8Array): Result<string> {
  if (bytes.byteLength > maximumBytes) return fail("too-large", `${file}: larger than 1 MiB`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("malformed", `${file}: not UTF-8 text`);
  }
  if (text.includes("\0")) return fail("malformed", `${file}: holds a NUL character`);
  const line = firstTooDeep(text.split("\n"));
  if (line !== null) {
    return fail("too-large", `${file}:${line}: nested deeper than ${maximumDepth} levels`);
  }
  return ok(text);
}

/** The 1-based line at which the nesting exceeds the limit. Text of block scalars does not nest. */
function firstTooDeep(lines: readonly string[]): number | null {
  const indents: number[] = [];
  let brackets = 0;
  let scalarBelow: number | null = null;
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    if (line === "") continue;
    const indent = line.length - line.trimStart().length;
    if (scalarBelow !== null && indent > scalarBelow) continue;
    scalarBelow = null;
    if (brackets === 0) pushIndents(indents, line, indent);
    brackets = Math.max(0, brackets + bracketsOf(line));
    if (indents.length + brackets > maximumDepth) return index + 1;
    if (brackets === 0 && blockScalarHeader.test(line)) scalarBelow = indent;
  }
  return null;
}

function pushIndents(indents: number[], line: string, indent: number): void {
  while (indents.length > 0 && (indents.at(-1) ?? 0) >= indent) indents.pop();
  indents.push(indent);
  let rest = line.slice(indent);
  let column = indent;
  for (let entry = compactEntry.exec(rest); entry !== null; entry = compactEntry.exec(rest)) {
    column += entry[0].length;
    indents.push(column);
    rest = rest.slice(entry[0].length);
    if (indents.length > maximumDepth) return;
  }
}

/** Opening minus closing brackets outside quotes and comments of one line, or its deepest point if that is too deep. */
function bracketsOf(line: string): number {
  let open = 0;
  for (const character of line.replaceAll(quoted, "").replace(comment, "")) {
    if (character === "[" || character === "{") open++;
    else if (character === "]" || character === "}") open--;
    if (open > maximumDepth) break;
  }
  return open;
}
