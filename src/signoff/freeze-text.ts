/** A freeze in words. */

import type { JudgedFreeze } from "./freeze.ts";
import type { Freeze } from "./rule.ts";

/** As its zone's wall shows it: `2 January 2027, 00:00 Europe/Berlin`. Plain text. */
export function endText({ ends, timezone }: Pick<Freeze, "ends" | "timezone">): string {
  const at = new Date(ends);
  const date = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, dateStyle: "long" });
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, timeStyle: "short", hourCycle: "h23" });
  return `${date.format(at)}, ${time.format(at)} ${timezone}`;
}

/** E.g. `Frozen until 2 January 2027, 00:00 Europe/Berlin (holidays).`, the one that ends last; null where none blocks. */
export function frozenSentence(freezes: readonly JudgedFreeze[]): string | null {
  const blocking = freezes.filter(({ blocks }) => blocks);
  const [last] = blocking.toSorted((a, b) => Date.parse(b.freeze.ends) - Date.parse(a.freeze.ends));
  if (last === undefined) return null;
  return `Frozen until ${endText(last.freeze)} (${blocking.map(({ freeze }) => freeze.name).join(", ")}).`;
}
