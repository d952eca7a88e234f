/** What a pull request of ours says: its title, and its body with the reasons, the places and the hidden marker. */

import { createHash } from "node:crypto";
import { valueText } from "../manifests/image-value.ts";
import type { ImageValue } from "../model/update.ts";
import { inertLine, inertSpan } from "../text/inert.ts";
import { fitBlocks, table } from "../text/markdown.ts";
import { type BumpMarker, makeBumpMarker } from "./bump-marker.ts";
import type { PlannedBump, Unit } from "./unit.ts";

export interface PullText {
  readonly title: string;
  readonly blocks: readonly string[];
  /** Of title and blocks. */
  readonly hash: string;
}

/** Title and body without the marker: the same for the same unit. */
export function pullText(unit: Unit): PullText {
  const title = titleOf(unit);
  const blocks = [summaryOf(unit), whyOf(unit), placesOf(unit), nextSteps];
  const hash = createHash("sha256")
    .update([title, ...blocks].join("\n\n"))
    .digest("hex")
    .slice(0, 16);
  return { title, blocks, hash };
}

/** The whole body. */
export function pullBody(text: PullText, marker: BumpMarker): string {
  return fitBlocks(text.blocks, makeBumpMarker(marker));
}

function titleOf({ bumps, environment }: Unit): string {
  const targets = distinct(
    bumps.map(({ occurrence, to }) => `${shortName(occurrence.image)} to ${shortValue(to)}`),
  );
  const what = targets.length <= 2 ? targets.join(" and ") : `${targets.length} images`;
  return inertLine(`Update ${what} in ${environment}`, 120);
}

/** One sentence: image, from, to, kind, where. */
function summaryOf({ bumps, environment }: Unit): string {
  const moves = distinct(
    bumps.map(({ occurrence, from, to, kind }) => {
      const [image, old, next] = [occurrence.image, shortValue(from), shortValue(to)].map((part) =>
        inertSpan(part),
      );
      return `${image} from ${old} to ${next} (${kind})`;
    }),
  );
  const files = distinct(bumps.map(({ occurrence }) => inertSpan(occurrence.file)));
  const where = files.length === 1 ? files.join() : `${files.length} files`;
  return `Moves ${moves.slice(0, 5).join(", ")}${moves.length > 5 ? " and others" : ""} in ${inertSpan(environment)}, ${where}.`;
}

function whyOf({ bumps }: Unit): string {
  const reasons = distinct(
    bumps.map(({ occurrence, why }) => `- ${inertSpan(occurrence.image)}: ${inertSpan(why, 500)}`),
  );
  return `**Why**\n\n${reasons.slice(0, 20).join("\n")}`;
}

function placesOf({ bumps }: Unit): string {
  const rows = bumps.map(({ occurrence: { file, line, image }, from, to }: PlannedBump) =>
    [`${file}:${line}`, image, valueText(from), valueText(to)].map((cell) => inertSpan(cell, 300)),
  );
  const fed = bumps.flatMap(feedLines);
  const where = `**Where**\n\n${table(["Place", "Image", "From", "To"], rows)}`;
  return fed.length === 0 ? where : `${where}\n\n${fed.slice(0, 20).join("\n")}`;
}

/** Aliases in the file take the value elsewhere, where the diff does not show it. */
function feedLines({ occurrence: { file, line, feeds = [] } }: PlannedBump): readonly string[] {
  if (feeds.length === 0) return [];
  const shown = feeds.slice(0, 10).map((path) => inertSpan(path));
  const more = feeds.length > shown.length ? ` and ${feeds.length - shown.length} more` : "";
  return [`- ${inertSpan(`${file}:${line}`, 300)} also feeds ${shown.join(", ")}${more}`];
}

const nextSteps = [
  "The check `lockkeeper/signoff` says whose approval is needed.",
  "Close this pull request, or say `/lockkeeper hold` and why, to say no to this version: only a later one is proposed then.",
  "Lockkeeper builds the branch anew when the default branch changes these lines; `/lockkeeper rebase` does so at once.",
].join(" ");

/** The last part of an image's name, which is how people call it. */
function shortName(image: string): string {
  return image.split("/").slice(-2).join("/");
}

/** The tag where there is one, else the begin of the digest. */
function shortValue(value: ImageValue): string {
  return value.tag ?? value.digest?.slice(0, "sha256:".length + 12) ?? "nothing";
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
