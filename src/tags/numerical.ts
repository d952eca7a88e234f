/** The numerical policy: build numbers and timestamps of any length. */

import { type Result, ok } from "../model/failure.ts";
import { compareDigits } from "./compare-digits.ts";
import type { Policy } from "./policy.ts";
import { chooseByScheme } from "./scheme.ts";
import type { TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** A decimal number, digit by digit. */
interface Decimal {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** A tag that is no number is skipped. An exponent makes none: `89655e1` is a commit. */
export function chooseByNumber(
  sieved: Sieved,
  { order }: Extract<Policy, { type: "numerical" }>,
): Result<TagChoice> {
  const sign = order === "asc" ? 1 : -1;
  return ok(
    chooseByScheme<Decimal>(sieved, {
      noun: "number",
      range: null,
      read: readDecimal,
      compare: (left, right) => sign * compareDecimals(left, right),
      differs: () => undefined,
      refuse: () => undefined,
      kind: () => "tag",
    }),
  );
}

function readDecimal(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = "0", fraction = ""] = found;
  const zero = /^0+$/.test(whole + fraction);
  return { negative: sign === "-" && !zero, whole, fraction: fraction.replace(/0+$/, "") };
}

function compareDecimals(left: Decimal, right: Decimal): number {
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const order = compareDigits(left.whole, right.whole) || compareText(left.fraction, right.fraction);
  return left.negative ? -order : order;
}

/** Fractions without the zeros at their end are in the order of their texts. */
function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
