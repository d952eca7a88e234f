/** Where the characters of a scalar's value stand in the text that holds it. */

import type { Scalar } from "yaml";

/** From an offset in the value to the offset in the text, both in UTF-16 units; an end may follow the last character. */
export type ToText = (offset: number) => number;

/**
 * Null where the value does not stand there as it is: written with escapes, or folded over several lines. A literal block
 * does, line by line, each behind its indent.
 */
export function verbatim(text: string, scalar: Scalar, value: string): ToText | null {
  if (!scalar.range) return null;
  const [start, end] = scalar.range;
  const written = text.slice(start, end);
  const at = written.lastIndexOf(value);
  if (at >= 0) return (offset) => start + at + offset;
  return scalar.type === "BLOCK_LITERAL" ? byLines(written, start, value) : null;
}

/** The lines of a literal block follow its header; line ends of any kind are one character of the value. */
function byLines(written: string, start: number, value: string): ToText | null {
  const places: { readonly value: number; readonly text: number }[] = [];
  let inText = written.indexOf("\n") + 1;
  let inValue = 0;
  for (const line of value.split("\n")) {
    const newline = written.indexOf("\n", inText);
    const whole = written.slice(inText, newline < 0 ? undefined : newline).replace(/\r$/, "");
    if (!whole.endsWith(line)) return null;
    places.push({ value: inValue, text: inText + whole.length - line.length });
    inValue += line.length + 1;
    inText = newline < 0 ? written.length : newline + 1;
  }
  return (offset) => {
    const line = places.findLast((place) => place.value <= offset);
    return line === undefined ? start : start + line.text + offset - line.value;
  };
}
