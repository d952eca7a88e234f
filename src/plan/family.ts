/** The pull requests of one unit: its own, and siblings that take the place of one to which somebody else has pushed. */

import { generation, nextSibling, rootBranch } from "./branch.ts";
import { type BumpRecord, readBumpMarker } from "./bump-marker.ts";
import type { OpenPull } from "./open-pull.ts";
import type { Unit } from "./unit.ts";

/** Open ones, the oldest first; never empty. */
export type Family = readonly OpenPull[];

/** By the branch of the unit. */
export function familiesOf(pulls: readonly OpenPull[]): ReadonlyMap<string, Family> {
  const families = new Map<string, OpenPull[]>();
  for (const open of pulls) {
    const root = rootBranch(open.pull.headBranch);
    families.set(root, [...(families.get(root) ?? []), open]);
  }
  for (const family of families.values()) {
    family.sort((a, b) => generation(a.pull.headBranch) - generation(b.pull.headBranch));
  }
  return families;
}

/** The unit as one of its open pull requests has it. */
export function asOpened(unit: Unit, family: Family, { pull }: OpenPull): Unit {
  const before = family[family.findIndex((open) => open.pull.number === pull.number) - 1];
  const continues = before?.tip === "foreign" ? before.pull.number : undefined;
  return { ...unit, branch: pull.headBranch, ...(continues === undefined ? {} : { continues }) };
}

/**
 * The unit as a sibling that is to be opened: where somebody else has pushed to the newest of its family, and the default
 * branch has changed the lines of that since. What else is wanted by now is no reason for one. `linesHash` is of the default
 * branch.
 */
export function siblingOf(
  unit: Unit,
  family: Family,
  linesHash: (places: readonly Place[]) => string,
): Unit | null {
  const newest = family.at(-1);
  if (newest?.tip !== "foreign" || unit.bumps.length === 0) return null;
  const marker = readBumpMarker(newest.pull.body);
  if (marker === undefined) return null;
  const moved = newest.uprooted === true || marker.lines !== linesHash(placesNow(marker.bumps, unit));
  return moved
    ? { ...unit, branch: nextSibling(newest.pull.headBranch), continues: newest.pull.number }
    : null;
}

export type Place = Pick<BumpRecord, "file" | "path">;

/** Where the images of these bumps stand now, one by one, even if their file was rearranged; else where they stood. */
function placesNow(records: readonly BumpRecord[], { bumps }: Unit): readonly Place[] {
  return records.map((record) => {
    const before = records.filter(({ image }) => image === record.image);
    const now = bumps.filter(({ occurrence }) => occurrence.image === record.image);
    return before.length === now.length ? (now[before.indexOf(record)]?.occurrence ?? record) : record;
  });
}
