/** Lines of a text by offsets into it, whatever its line ends are. */

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === "\r" ? end - 1 : end;
}

export function indentOf(text: string, line: number): string {
  return /^ */.exec(text.slice(line, line + 200))?.[0] ?? "";
}

export function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

export function withLineEnds(text: string, written: string): string {
  return lineEndOf(text) === "\n" ? written : written.replaceAll("\n", "\r\n");
}
