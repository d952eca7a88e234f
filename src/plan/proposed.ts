/** What open pull requests of ours propose already, as far as their texts are known to be our word. */

import { readValue, valueText } from "../manifests/image-value.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { type BumpRecord, readBumpMarker } from "./bump-marker.ts";
import type { OpenPull } from "./open-pull.ts";

export interface Proposed {
  /** Whether a place is proposed to move to a value: as long as that is open, nobody has said no to it. */
  has(occurrence: Occurrence, to: ImageValue): boolean;
  /** Where a place is proposed to move from the value that it has; null where nowhere. */
  from(occurrence: Occurrence): ImageValue | null;
}

/** Not by a branch that somebody else has pushed to. */
export function proposedBy(open: readonly OpenPull[]): Proposed {
  const known = open.filter(({ tip, unsealed }) => tip === "ours" && unsealed !== true);
  const records = new Map<string, BumpRecord[]>();
  for (const record of known.flatMap(({ pull }) => readBumpMarker(pull.body)?.bumps ?? [])) {
    records.set(keyOf(record), [...(records.get(keyOf(record)) ?? []), record]);
  }
  const of = (occurrence: Occurrence): readonly BumpRecord[] => records.get(keyOf(occurrence)) ?? [];
  return {
    has: (occurrence, to) => of(occurrence).some((record) => record.to === valueText(to)),
    from: (occurrence) => {
      const record = of(occurrence).find(({ from }) => from === valueText(occurrence));
      return record === undefined ? null : readValue(record.to);
    },
  };
}

function keyOf({ file, path, image }: Pick<BumpRecord, "file" | "path" | "image">): string {
  return JSON.stringify([file, path, image]);
}
