/** Units by the rule as it is stated: an image of an environment, and whatever stands on the same or neighbouring lines. */

import type { Place } from "./manifest.ts";

export function groupsOf(places: readonly Place[]): readonly (readonly Place[])[] {
  let groups: Place[][] = places.map((place) => [place]);
  for (const place of places) {
    const near = groups.filter((group) => group.some((other) => belong(place, other)));
    groups = [...groups.filter((group) => !near.includes(group)), near.flat()];
  }
  return groups;
}

function belong(one: Place, other: Place): boolean {
  if (one === other || (one.image === other.image && one.environment === other.environment)) return true;
  return (
    one.file === other.file &&
    one.lines.some((line) => other.lines.some((own) => Math.abs(line - own) <= 1))
  );
}
