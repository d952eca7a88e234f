/** The alphabetical policy: by code unit, the same on every machine. */

import { type Result, ok } from "../model/failure.ts";
import type { Policy } from "./policy.ts";
import { chooseByScheme } from "./scheme.ts";
import type { TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** Only an empty extract is nothing that it orders. */
export function chooseByAlphabet(
  sieved: Sieved,
  { order }: Extract<Policy, { type: "alphabetical" }>,
): Result<TagChoice> {
  const sign = order === "asc" ? 1 : -1;
  return ok(
    chooseByScheme<string>(sieved, {
      noun: "text",
      range: null,
      read: (text) => (text === "" ? undefined : text),
      compare: (left, right) => (left === right ? 0 : left < right ? -sign : sign),
      differs: () => undefined,
      refuse: () => undefined,
      kind: () => "tag",
    }),
  );
}
