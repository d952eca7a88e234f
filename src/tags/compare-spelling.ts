/** The tie-break of every policy. */

/**
 * Orders two tags of one value: the one with fewer characters is the later (1.1.0 before 1.01.0), then the one that is later
 * by code unit. 0 only for the same text.
 */
export function compareSpelling(left: string, right: string): number {
  if (left.length !== right.length) return right.length - left.length;
  return left === right ? 0 : left < right ? -1 : 1;
}
