/** Orders whole numbers by their decimal digits, so that none is too long. */

const zero = 48;

/** Negative, 0 or positive; leading zeros do not count. */
export function compareDigits(left: string, right: string): number {
  const a = withoutZeros(left);
  const b = withoutZeros(right);
  if (a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}

/** `7` of `007`, `0` of `000`. */
export function withoutZeros(digits: string): string {
  return digits.length > 1 && digits.charCodeAt(0) === zero ? digits.replace(/^0+(?=\d)/, "") : digits;
}
