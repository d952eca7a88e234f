/** The three-way merge of a text, to prove that what landed is what was approved put onto what was there. */

import { diffArrays } from "diff";

interface Hunk {
  /** Lines of the base that are replaced: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** More changed lines than this are not worth the comparison: the merge counts as not proven. */
const maximumEdits = 20_000;

/**
 * Both sides' changes of `base` in one text; null where they overlap or touch (Git calls that a conflict too) or where a
 * text is too different to be compared.
 */
export function mergeText(base: string, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  const lines = splitLines(base);
  const left = hunks(lines, splitLines(ours));
  const right = hunks(lines, splitLines(theirs));
  if (left === null || right === null) return null;
  const merged = combine(left, right);
  return merged === null ? null : apply(lines, merged);
}

/** As `mergeText`, for files: undefined stands for no file, on every side and in the answer. */
export function mergeContent(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
): string | undefined | null {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  if (base === undefined || ours === undefined || theirs === undefined) return null;
  return mergeText(base, ours, theirs);
}

/** One character for each byte, so that any content can be compared and put together again. */
export function asText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1");
}

/** The bytes of a text that `asText` made. */
export function asBytes(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text, "latin1");
}

/** Lines with their ends, so that joining them gives back every byte. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunks(base: readonly string[], changed: readonly string[]): readonly Hunk[] | null {
  const changes = diffArrays([...base], [...changed], { maxEditLength: maximumEdits });
  if (changes === undefined) return null;
  const found: Hunk[] = [];
  let at = 0;
  for (const change of changes) {
    if (!change.added && !change.removed) {
      at += change.value.length;
      continue;
    }
    const end = change.removed ? at + change.value.length : at;
    const last = found.at(-1);
    const lines = change.added ? change.value : [];
    if (last !== undefined && last.end === at) {
      found[found.length - 1] = { start: last.start, end, lines: [...last.lines, ...lines] };
    } else found.push({ start: at, end, lines });
    at = end;
  }
  return found;
}

function combine(left: readonly Hunk[], right: readonly Hunk[]): readonly Hunk[] | null {
  const all = [...left, ...right.filter((hunk) => !left.some((other) => same(hunk, other)))];
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  const touching = all.some((hunk, index) => {
    const next = all[index + 1];
    return next !== undefined && next.start <= hunk.end;
  });
  return touching ? null : all;
}

function same(a: Hunk, b: Hunk): boolean {
  return a.start === b.start && a.end === b.end && a.lines.join("") === b.lines.join("");
}

function apply(base: readonly string[], changes: readonly Hunk[]): string {
  const result: string[] = [];
  let at = 0;
  for (const { start, end, lines } of changes) {
    result.push(...base.slice(at, start), ...lines);
    at = end;
  }
  return [...result, ...base.slice(at)].join("");
}
