/** The parts of a body below its first sentence: what moves where, why, and what is new in it. */

import { shortDigest, valueText } from "../manifests/image-value.ts";
import { inertProse, inertSpan } from "../text/inert.ts";
import { table } from "../text/markdown.ts";
import { distinct, shortValue } from "./body-summary.ts";
import type { BumpFacts, FactsOf } from "./bump-facts.ts";
import { notesFold } from "./release-notes.ts";
import type { PlannedBump, Unit } from "./unit.ts";

/** Places that a row names; the diff shows them all. */
const mostPlaces = 10;

/** One row for each image and move of it. */
export function movesTable({ bumps }: Unit, facts: FactsOf): string {
  const rows = [...movesOf(bumps).values()].map(([first, others]) => {
    const { occurrence, from, to } = first;
    const known = facts(first);
    return [
      inertSpan(occurrence.image),
      inertSpan(shortValue(from)),
      inertSpan(shortValue(to)),
      known?.built?.toISOString().slice(0, 16).replace("T", " ") ?? "",
      digestText(known),
      known === undefined ? "" : known.platforms.map((platform) => inertSpan(platform)).join(" "),
      placesText([first, ...others]),
    ];
  });
  return table(["Image", "From", "To", "Built (UTC)", "Digest", "Platforms", "Where"], rows);
}

function movesOf(bumps: readonly PlannedBump[]): ReadonlyMap<string, [PlannedBump, PlannedBump[]]> {
  const moves = new Map<string, [PlannedBump, PlannedBump[]]>();
  for (const bump of bumps) {
    const key = JSON.stringify([bump.occurrence.image, valueText(bump.from), valueText(bump.to)]);
    const known = moves.get(key);
    if (known === undefined) moves.set(key, [bump, []]);
    else known[1].push(bump);
  }
  return moves;
}

function digestText(facts: BumpFacts | undefined): string {
  const digest = facts?.digest ?? null;
  return digest === null ? "" : inertSpan(shortDigest(digest));
}

/** Aliases in a file take the value elsewhere, where the diff does not show it. */
function placesText(bumps: readonly PlannedBump[]): string {
  const shown = bumps.slice(0, mostPlaces).map(({ occurrence: { file, line, feeds = [] } }) => {
    const paths = feeds.slice(0, mostPlaces).map((path) => inertSpan(path));
    const more = feeds.length > paths.length ? ` and ${feeds.length - paths.length} more` : "";
    const fed = paths.length === 0 ? "" : `, which also feeds ${paths.join(", ")}${more}`;
    return inertSpan(`${file}:${line}`, 300) + fed;
  });
  const rest = bumps.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join("<br>");
}

export function reasons({ bumps }: Unit): string {
  const lines = distinct(
    bumps.map(({ occurrence, why }) => `- ${inertSpan(occurrence.image)}: ${inertProse(why)}`),
  );
  const more = lines.length > 20 ? [`- and ${lines.length - 20} more`] : [];
  return `**Why**\n\n${[...lines.slice(0, 20), ...more].join("\n")}`;
}

/** A block for each image of which the sources are known: the comparison of them, and release notes in a fold. */
export function newsBlocks({ bumps }: Unit, facts: FactsOf): readonly string[] {
  return [...movesOf(bumps).values()].flatMap(([bump]) => {
    const { compare = null, releases = [] } = facts(bump) ?? {};
    if (compare === null && releases.length === 0) return [];
    const about = `${inertSpan(bump.occurrence.image)} ${inertSpan(shortValue(bump.to))}`;
    const changes = compare === null ? "" : `: [what changed in its sources](${compare})`;
    const head = `**New in** ${about}${changes}`;
    return releases.length === 0 ? head : `${head}\n\n${notesFold(releases)}`;
  });
}
