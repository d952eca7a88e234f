/** Text from outside, made inert: nothing in it mentions, links, commands, hides or breaks out of where it is put. */

/** Control and format characters (bidirectional overrides, zero-width, tags) and the separators that some renderers break at. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const whitespace = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** One line of plain text for places that render no Markdown: titles of pull requests and checks, descriptions. */
export function inertLine(text: string, limit = 200): string {
  const line = visible(text.replaceAll(whitespace, " ")).replaceAll(/ {2,}/g, " ").trim();
  return cut(line, limit);
}

/**
 * A code span for Markdown. In code GitHub makes no mention, reference, link or image; the delimiter is longer than any run
 * of backticks inside, so the text cannot close it. Longer text is cut at `limit` characters and ends in an ellipsis.
 */
export function inertSpan(text: string, limit = 200): string {
  const line = inertLine(text, limit);
  if (line === "") return "` `";
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/**
 * Words that mean nothing to Markdown, nor to GitHub's links to people, issues (`GH-1`), commits (seven hex digits) and pages,
 * all of which may stand behind a bracket or a quotation mark as well.
 */
const plainWord =
  /^(?!.*(?<![\p{L}\p{N}])(?:GH-\d|www\.|[0-9a-f]{7,40}(?![\p{L}\p{N}])))[\p{L}\p{N}.,;?%='"()-]+:?$/iu;

/**
 * A sentence for Markdown, to be put behind other words on a line: reads as prose, and each word in it that could be more than
 * a word is a code span.
 */
export function inertProse(text: string, limit = 500): string {
  const words = inertLine(text, limit).split(" ");
  return words.map((word) => (plainWord.test(word) ? word : spanWord(word))).join(" ");
}

/** What ends a clause, and brackets round the word, stay outside. */
function spanWord(word: string): string {
  const [, before = "", bare = "", after = ""] = /^(\(*)(.*?)([.,;:?)]*)$/.exec(word) ?? [];
  return bare === "" ? inertSpan(word) : before + inertSpan(bare) + after;
}

/** A fenced block for Markdown, to be put at the start of a line; keeps line breaks and tabs. */
export function inertBlock(text: string, limit = 4000): string {
  const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
  const body = cut(lines.map((line) => line.split("\t").map(visible).join("\t")).join("\n"), limit);
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}text\n${body}\n${fence}`;
}

/** Without the invisible, and without anything that could be read back as one of our hidden markers. */
function visible(text: string): string {
  return text.toWellFormed().replaceAll(invisible, "").replaceAll("<!--", "<! --");
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
