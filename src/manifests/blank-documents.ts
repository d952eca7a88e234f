/** Documents of a file that need not be read, made empty: to parse a text costs a hundred times as much as to look through it. */

/** Stands for what is not read: a document with nothing in it, and a comment. */
const blank = "~ #";

/**
 * The text with every document for which `isWanted` is false as an empty one; null where it is for all. Length, number and
 * places of all documents stay as they are; of what is blanked the line ends do not.
 */
export function blankDocuments(
  text: string,
  isWanted: (document: string, index: number) => boolean,
): string | null {
  const parts = documentTexts(text);
  const wanted = parts.map(isWanted);
  if (!wanted.includes(true)) return null;
  return wanted.includes(false)
    ? parts.map((part, index) => (wanted[index] === true ? part : blanked(part))).join("")
    : text;
}

/**
 * The text in parts that can each be read alone. Every part but the first begins with its `---`: no scalar or collection goes
 * on behind a line with one. One part where a directive speaks for the document that follows it, on the other side of a mark.
 */
export function documentTexts(text: string): readonly string[] {
  if (/^%/m.test(text)) return [text];
  const parts: string[] = [];
  let start = 0;
  for (let at = text.indexOf("\n---"); at >= 0; at = text.indexOf("\n---", at + 1)) {
    if (!/[ \t\r\n]/.test(text[at + 4] ?? "\n")) continue;
    parts.push(text.slice(start, at + 1));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

/** A part without content is no document or an empty one already; one with an end mark may be several. */
function blanked(part: string): string {
  const head = /^\uFEFF?(?:---(?=[ \t\r\n]))?/.exec(part)?.[0] ?? "";
  const isEmpty = !/^[ \t]*[^\s#]/m.test(part.slice(head.length));
  const length = part.length - head.length - 2;
  if (isEmpty || length < blank.length || /^\.\.\.(?:\s|$)/m.test(part)) return part;
  return `${head} ${blank.padEnd(length, "#")}\n`;
}
