/** In which ways what is missing can be given: a rule with `instead` and the rules it names are two. */

import type { Judged } from "./evaluate.ts";

/** Something that is waited for: everything of one of the sides fulfils it. */
export interface Way {
  readonly either: readonly (readonly Judged[])[];
}

/** Demands that wait, each once: by itself, or as one side beside the rules whose place may be taken. */
export function waysOf(judged: readonly Judged[]): readonly Way[] {
  const waiting = judged.filter(({ state }) => state === "waiting");
  const named = new Set(waiting.flatMap(({ demand }) => demand.orBy));
  const optional = waiting.filter(({ demand }) => demand.source === "rule" && named.has(demand.name));
  const groups = Map.groupBy(
    waiting.filter((one) => !optional.includes(one)),
    ({ demand }) => JSON.stringify(demand.orBy),
  );
  const ways = [...groups].flatMap(([names, members]): readonly Way[] => {
    const others = takingPlace(optional, JSON.parse(names) as readonly string[]);
    if (others.length === 0) return members.map((one) => ({ either: [[one]] }));
    return [{ either: [...others.map((one) => [one]), members] }];
  });
  const [first] = optional;
  if (ways.length > 0 || first === undefined) return ways;
  // Rules that name each other in a circle: nothing waits but for them.
  return [{ either: [[first], ...takingPlace(optional, first.demand.orBy).map((one) => [one])] }];
}

function takingPlace(rules: readonly Judged[], names: readonly string[]): readonly Judged[] {
  return rules.filter(({ demand }) => names.includes(demand.name));
}
