/** The calver policy: versions that say when they were made. */

import type { Result } from "../model/failure.ts";
import { ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import { type CalendarVersion, compileFormat } from "./calver-format.ts";
import { compareDigits } from "./compare-digits.ts";
import type { Policy } from "./policy.ts";
import { chooseByScheme } from "./scheme.ts";
import type { TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** Prefix and suffix stay as they are. `malformed` only for the format. */
export function chooseByCalendar(
  sieved: Sieved,
  { format }: Extract<Policy, { type: "calver" }>,
): Result<TagChoice> {
  const read = compileFormat(format);
  if (!read.ok) return read;
  return ok(
    chooseByScheme<CalendarVersion>(sieved, {
      noun: `date of the form ${format}`,
      range: null,
      read: read.value,
      compare: compareNumbers,
      differs,
      refuse: () => undefined,
      kind: kindOf,
    }),
  );
}

function compareNumbers(left: CalendarVersion, right: CalendarVersion): number {
  for (const [index, number] of left.numbers.entries()) {
    const order = compareDigits(number, right.numbers[index] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

function differs(version: CalendarVersion, current: CalendarVersion): string | undefined {
  if (version.suffix !== current.suffix) {
    return current.suffix === "" ? `has the suffix ${version.suffix}` : `does not end in ${current.suffix}`;
  }
  if (version.prefix === current.prefix) return undefined;
  return current.prefix === "" ? `begins with ${version.prefix}` : `does not begin with ${current.prefix}`;
}

/** Another year is a major change, another second number a minor one. */
function kindOf(from: CalendarVersion, to: CalendarVersion): ChangeKind {
  const index = from.numbers.findIndex((number, at) => compareDigits(number, to.numbers[at] ?? "0") !== 0);
  if (index === 0) return "major";
  return index === 1 ? "minor" : "patch";
}
