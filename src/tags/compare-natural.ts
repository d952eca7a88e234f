/** Orders texts as people count: `rc9` before `rc10`. */

import { compareDigits } from "./compare-digits.ts";

/**
 * Runs of digits by their value, everything else by code unit whatever its case; digits come before anything else, and a
 * text before one that goes on. 0 for spellings that only case or leading zeros tell apart.
 */
export function compareNatural(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => text.toLowerCase().match(/\d+|\D+/g) ?? []);
  for (const [index, part] of (a ?? []).entries()) {
    const other = b?.[index];
    if (other === undefined) return 1;
    const order = compareRuns(part, other);
    if (order !== 0) return order;
  }
  return (a?.length ?? 0) - (b?.length ?? 0);
}

function compareRuns(left: string, right: string): number {
  const [a, b] = [left, right].map((run) => /^\d/.test(run));
  if (a && b) return compareDigits(left, right);
  if (a !== b) return a ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
}
