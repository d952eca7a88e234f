/** What `lockkeeper scan` prints. */

import type { SkippedPlace } from "../manifests/find-occurrences.ts";
import { valueText } from "../manifests/image-value.ts";
import type { ImageValue, Occurrence } from "../model/update.ts";
import { count } from "../text/count.ts";
import { inertLine } from "../text/inert.ts";

/** One image in one place; `failed` where its registry did not answer. */
export interface ScannedImage {
  readonly occurrence: Occurrence;
  readonly to: ImageValue | null;
  readonly policy: string;
  readonly reason: string;
  readonly failed: boolean;
}

export interface ScanReport {
  readonly images: readonly ScannedImage[];
  readonly skipped: readonly SkippedPlace[];
  readonly registryRequests: number;
}

/** One line of JSON, in the form that scripts hold on to; `feeds` is there where aliases take the value elsewhere. */
export function scanJson({ images, skipped, registryRequests }: ScanReport): string {
  const rows = images.map(({ occurrence, to, policy, reason }) => {
    const { file, line, column, path, shape, image, tag, digest, feeds } = occurrence;
    const now = { current: tag, digest };
    const next = { candidate: to?.tag ?? null, candidateDigest: to?.digest ?? null };
    return { file, line, column, path, shape, image, ...now, ...next, policy, reason, feeds };
  });
  return `${JSON.stringify({ images: rows, skipped, requests: { registry: registryRequests } })}\n`;
}

/** A table for people: what could move, what failed, what was skipped, and the rest as a number. */
export function scanText({ images, skipped }: ScanReport): string {
  const moving = images.filter(({ to }) => to !== null);
  const failed = images.filter((image) => image.failed);
  const rows = moving.map(({ occurrence, to }) => [
    inertLine(occurrence.image),
    short(occurrence),
    "->",
    to === null ? "" : short(to),
    `${whereOf(occurrence)}${feedsText(occurrence)}`,
  ]);
  const rest = images.length - moving.length - failed.length;
  return [
    ...aligned(rows),
    ...failed.map(({ occurrence, reason }) => `${whereOf(occurrence)}: ${inertLine(reason, 500)}`),
    ...skipped.map((place) => `${whereOf(place)}: skipped, ${inertLine(place.reason, 500)}`),
    `${count(images.length, "image")}: ${moving.length} can move, ${rest} stay${failed.length > 0 ? `, ${failed.length} unknown` : ""}.`,
  ].join("\n");
}

function whereOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${inertLine(file)}:${line}`;
}

/** The other places that move with it. */
function feedsText({ feeds = [] }: Occurrence): string {
  if (feeds.length === 0) return "";
  const [first, ...others] = feeds.map((path) => inertLine(path));
  return `, feeds ${first}${others.length === 0 ? "" : ` and ${count(others.length, "other")}`}`;
}

/** A digest is cut: people know tags. */
function short(value: ImageValue): string {
  return inertLine(valueText(value)).replace(/(sha\d+:[0-9a-f]{12})[0-9a-f]+/, "$1…");
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
