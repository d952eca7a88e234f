/** Units by the rule as it is stated: what the grouping names, and whatever stands on the same or neighbouring lines. */

import type { Place } from "./manifest.ts";

export const groupings = ["image", "app", "environment"] as const;
export type Grouping = (typeof groupings)[number];

const sharedBy: Readonly<Record<Grouping, (place: Place) => string>> = {
  image: ({ image, environment }) => `${image} in ${environment}`,
  app: ({ file }) => file.split("/").slice(0, 3).join("/"),
  environment: ({ environment }) => environment,
};

export function groupsOf(places: readonly Place[], grouping: Grouping): readonly (readonly Place[])[] {
  let groups: Place[][] = places.map((place) => [place]);
  for (const place of places) {
    const near = groups.filter((group) => group.some((other) => belong(place, other, sharedBy[grouping])));
    groups = [...groups.filter((group) => !near.includes(group)), near.flat()];
  }
  return groups;
}

function belong(one: Place, other: Place, shared: (place: Place) => string): boolean {
  if (one === other || shared(one) === shared(other)) return true;
  return (
    one.file === other.file && one.lines.some((line) => other.lines.some((own) => Math.abs(line - own) <= 1))
  );
}
