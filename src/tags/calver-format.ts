/** Formats of calendar versions, in the words of https://calver.org with the time of day added. */

import { type Result, fail, ok } from "../model/failure.ts";

/** A part of a format that stands for a number. */
interface Part {
  /** How its digits look; `packed` where no separator tells where it ends. */
  readonly digits: string;
  readonly packed: string;
  /** Parts of a date count in this order, wherever they stand; null: where it stands. */
  readonly rank: number | null;
}

const month = "0[1-9]|1[0-2]";
const day = "0[1-9]|[12][0-9]|3[01]";
const week = "0[1-9]|[1-4][0-9]|5[0-3]";
const free = { digits: String.raw`\d+`, packed: String.raw`\d+`, rank: null };

/** A new part is a line here. */
const parts: Readonly<Record<string, Part>> = {
  YYYY: { digits: String.raw`[1-9]\d{3}`, packed: String.raw`[1-9]\d{3}`, rank: 0 },
  "0Y": { digits: String.raw`\d{2,3}`, packed: String.raw`\d{2}`, rank: 0 },
  YY: { digits: String.raw`\d{1,3}`, packed: String.raw`\d{2}`, rank: 0 },
  "0M": { digits: month, packed: month, rank: 1 },
  MM: { digits: `${month}|[1-9]`, packed: month, rank: 1 },
  "0W": { digits: week, packed: week, rank: 2 },
  WW: { digits: `${week}|[1-9]`, packed: week, rank: 2 },
  "0D": { digits: day, packed: day, rank: 3 },
  DD: { digits: `${day}|[1-9]`, packed: day, rank: 3 },
  HH: { digits: String.raw`[01]\d|2[0-3]`, packed: String.raw`[01]\d|2[0-3]`, rank: 4 },
  mm: { digits: String.raw`[0-5]\d`, packed: String.raw`[0-5]\d`, rank: 5 },
  ss: { digits: String.raw`[0-5]\d|60`, packed: String.raw`[0-5]\d|60`, rank: 6 },
  MAJOR: free,
  MINOR: free,
  MICRO: free,
};

/** The longest first, so that `YYYY` is not two years. */
const piece = /MAJOR|MINOR|MICRO|YYYY|0Y|YY|0M|MM|0W|WW|0D|DD|HH|mm|ss|[A-Za-z0-9._-]/g;
const longestFormat = 60;

/** A tag as a format reads it. */
export interface CalendarVersion {
  /** Decimal digits, the most significant first. */
  readonly numbers: readonly string[];
  /** What stands behind the format, with its separator. */
  readonly suffix: string;
  readonly prefix: string;
}

/** Reads a tag; undefined where it is not of the format. */
export type ReadCalendar = (text: string) => CalendarVersion | undefined;

/**
 * Compiles a format. What it does not name is text that stands for itself, but for a `v` in front and a suffix behind a
 * separator, which every tag may have. `malformed` where it names no year, or where it is not clear where a number ends.
 */
export function compileFormat(format: string): Result<ReadCalendar> {
  const pieces = format.match(piece) ?? [];
  const named = pieces.flatMap((text, index) => {
    const part = parts[text];
    return part === undefined ? [] : [{ text, index, part }];
  });
  if (
    format.length > longestFormat ||
    pieces.join("") !== format ||
    !named.some(({ part }) => part.rank === 0)
  )
    return fail(
      "malformed",
      `${JSON.stringify(format.slice(0, longestFormat))} is not a format of calendar versions; write one as YYYY.0M.0D, YYYYMMDD or YY.MM.MICRO`,
    );
  const touching = named.find(({ part, index }) => part === free && isPart(pieces[index + 1]));
  if (touching !== undefined)
    return fail("malformed", `${JSON.stringify(format)}: nothing tells where ${touching.text} ends`);
  const source = pieces.map((text, index) => sourceOf(text, pieces[index - 1], pieces[index + 1])).join("");
  const pattern = new RegExp(`^(v?)${source}([-_.+].*)?$`);
  const order = significance(named.map(({ part }) => part.rank));
  return ok((text) => {
    const found = pattern.exec(text);
    if (found === null) return undefined;
    const numbers = order.map((at) => found[at + 2] ?? "0");
    return { numbers, prefix: found[1] ?? "", suffix: found.at(-1) ?? "" };
  });
}

/** Or a digit that stands for itself. */
function isPart(text: string | undefined): boolean {
  return text !== undefined && (text in parts || /\d/.test(text));
}

function sourceOf(text: string, before: string | undefined, after: string | undefined): string {
  const part = parts[text];
  if (part === undefined) return text.replace(".", String.raw`\.`);
  const packed = [before, after].some((next) => next !== undefined && next in parts);
  return `(${packed ? part.packed : part.digits})`;
}

/** Where each number is found, the most significant first: the places of the date are sorted among themselves. */
function significance(ranks: readonly (number | null)[]): readonly number[] {
  const dated = ranks.flatMap((rank, at) => (rank === null ? [] : [{ rank, at }]));
  const sorted = dated.toSorted((left, right) => left.rank - right.rank).map(({ at }) => at);
  return ranks.map((rank, at) => (rank === null ? at : (sorted.shift() ?? at)));
}
