/** Hidden markers: facts of ours kept in the Markdown that we write, and read back from it. */

const kindPattern = /^[a-z][a-z0-9-]*$/;
/** A line longer than this is not one of ours: GitHub takes 65,536 characters for a whole comment. */
const maximumLength = 65_536;

/**
 * `<!-- lockkeeper:<kind> <compact JSON> -->`, one line. No value can end the comment or mention
 * anybody: `<`, `>`, `&`, `@`, `#` and doubled hyphens stand as escapes of JSON, which reading undoes.
 */
export function makeMarker(kind: string, value: unknown): string {
  if (!kindPattern.test(kind)) throw new Error(`not a marker kind: "${kind}"`);
  const json = JSON.stringify(value) ?? "null";
  return `<!-- lockkeeper:${kind} ${json.replaceAll(/[<>&@#\u2028\u2029]|-(?=-)/g, escape)} -->`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * The value of the one marker of that kind; undefined when there is none, more than one, or one that `makeMarker` would not
 * have written. A marker stands alone on its line. Who wrote the text is for the caller to check first: anybody can type one.
 */
export function readMarker(text: string, kind: string): unknown {
  const start = `<!-- lockkeeper:${kind} `;
  const found = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.startsWith(start));
  const line = found[0];
  if (found.length !== 1 || line === undefined || line.length > maximumLength || !line.endsWith(" -->"))
    return undefined;
  const json = line.slice(start.length, -" -->".length);
  if (/[<>]|--/.test(json)) return undefined;
  return parse(json);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
