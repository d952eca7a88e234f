/** The newest-build policy: the tag whose image was made last, which no name tells. */

import type { TagChoice } from "./tag-choice.ts";
import { chooseByScheme } from "./scheme.ts";
import type { Sieved } from "./tag-filter.ts";

interface Build {
  readonly tag: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/**
 * By the dates that are known; of two images of one date the tag that is later by code unit is, as Argo CD Image Updater has
 * it. A tag without a date is skipped, and where the current one has none, nothing follows it.
 */
export function chooseByDate(sieved: Sieved, created: ReadonlyMap<string, number>): TagChoice {
  const { current, named } = sieved;
  const tagged = {
    ...sieved,
    named: named.map(({ tag }) => ({ tag, text: tag })),
    current: current === null ? null : { tag: current.tag, text: current.tag },
  };
  return chooseByScheme<Build>(tagged, {
    noun: "tag of a known date",
    range: null,
    read: (tag) => {
      const date = created.get(tag);
      return date === undefined ? undefined : { tag, created: date };
    },
    compare: (left, right) => left.created - right.created || compareTags(left.tag, right.tag),
    differs: () => undefined,
    refuse: () => undefined,
    kind: () => "tag",
  });
}

function compareTags(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
