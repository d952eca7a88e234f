/** The loose policy: any tag that begins with numbers, whatever follows them. https://docs.renovatebot.com/modules/versioning/loose/ */

import { type Result, ok } from "../model/failure.ts";
import type { ChangeKind } from "../model/update.ts";
import { compareDigits } from "./compare-digits.ts";
import { compareNatural } from "./compare-natural.ts";
import { chooseByScheme } from "./scheme.ts";
import type { TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

interface LooseVersion {
  readonly numbers: readonly string[];
  /** With what is in front of it; empty where nothing is. */
  readonly suffix: string;
}

const pattern = /^[vV]?(\d+(?:\.\d+)*)(.*)$/;
const commit = /^[a-f0-9]{7,40}$/;
const mostNumbers = 6;

/** Every version may follow a lower one: this versioning knows neither prereleases nor flavours. */
export function chooseLoosely(sieved: Sieved): Result<TagChoice> {
  return ok(
    chooseByScheme<LooseVersion>(sieved, {
      noun: "version",
      range: null,
      read: readLoose,
      compare: compareLoose,
      differs: () => undefined,
      refuse: () => undefined,
      kind: kindOf,
    }),
  );
}

function readLoose(text: string): LooseVersion | undefined {
  const found = commit.test(text) && !/^\d+$/.test(text) ? null : pattern.exec(text);
  if (found === null) return undefined;
  const [, digits = "", suffix = ""] = found;
  const numbers = digits.split(".");
  return numbers.length > mostNumbers ? undefined : { numbers, suffix };
}

/** `2.4` before `2.4.0`, and what has a suffix before what has none. */
function compareLoose(left: LooseVersion, right: LooseVersion): number {
  for (const [index, number] of left.numbers.entries()) {
    const other = right.numbers[index];
    const order = other === undefined ? 1 : compareDigits(number, other);
    if (order !== 0) return order;
  }
  if (left.numbers.length !== right.numbers.length) return -1;
  if (left.suffix === "" || right.suffix === "")
    return Number(left.suffix === "") - Number(right.suffix === "");
  return compareNatural(left.suffix, right.suffix);
}

function kindOf({ numbers: from }: LooseVersion, { numbers: to }: LooseVersion): ChangeKind {
  const index = [0, 1].find((at) => compareDigits(from[at] ?? "0", to[at] ?? "0") !== 0);
  if (index === 0) return "major";
  return index === 1 ? "minor" : "patch";
}
