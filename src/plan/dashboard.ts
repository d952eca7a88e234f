/** The dashboard of a repository: one issue that says what is open, what waits and what goes wrong. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { box } from "../commands/box.ts";
import { count } from "../text/count.ts";
import { fitBlocks } from "../text/markdown.ts";
import { makeMarker, readMarker } from "../text/marker.ts";
import type { DashboardFacts } from "./dashboard-facts.ts";
import { sections } from "./dashboard-sections.ts";
import { type Sighting, makeSeenMarker } from "./first-seen.ts";

export const dashboardTitle = "Lockkeeper dashboard";

/** The second one is the dashboard's alone, so that it is found among all that we opened. */
export const dashboardLabels = ["lockkeeper", "lockkeeper/dashboard"] as const;

export interface DashboardText {
  readonly blocks: readonly string[];
  /** Of the blocks. */
  readonly hash: string;
}

/** The same for the same facts. */
export function dashboardText(facts: DashboardFacts): DashboardText {
  const blocks = [summaryOf(facts), ...sections.flatMap((section) => section(facts) ?? []), ending];
  const hash = createHash("sha256").update(blocks.join("\n\n")).digest("hex").slice(0, 16);
  return { blocks, hash };
}

/** The whole body; what the ledger of first sight holds, and other markers of ours, are hidden in it. */
export function dashboardBody(
  { blocks, hash }: DashboardText,
  sightings: readonly Sighting[],
  markers: readonly string[] = [],
): string {
  const seen = sightings.length === 0 ? [] : [makeSeenMarker(sightings)];
  return fitBlocks(blocks, [makeMarker(kind, { text: hash }), ...markers, ...seen].join("\n"));
}

const kind = "dashboard";
const marker = z.object({ text: z.string() });

/** The hash of the text that a body holds; undefined where it is no dashboard, or a person has broken its marker. */
export function dashboardHash(body: string): string | undefined {
  return marker.safeParse(readMarker(body, kind)).data?.text;
}

/** What people see of a body. */
export function withoutMarkers(body: string): string {
  const lines = body
    .split(/\r?\n/)
    .filter((line) => !/^\s*<!-- lockkeeper:(?:dashboard|seen|pauses) /.test(line));
  return lines.join("\n").trim();
}

function summaryOf({ problems, open, waiting, young, held, observed, failing }: DashboardFacts): string {
  if (problems.length > 0) return `The configuration has ${count(problems.length, "problem")}.`;
  const would = observed.filter(({ to }) => to !== null).length;
  const parts = [
    [open.length, count(open.length, "pull request"), "open"],
    [waiting.length + young.length, count(waiting.length + young.length, "update"), "waiting"],
    [held.length, count(held.length, "version"), "held"],
    [would, count(would, "image"), "would move"],
    [failing.length, count(failing.length, "image"), "whose registry fails"],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([, what, how]) => `${what} ${how}`);
  return told.length === 0
    ? "Everything is as it should be: nothing is open and nothing waits."
    : `${told.join(", ")}.`;
}

const ending = `---

${box({ command: "scan" }, "look for new images now")}

Lockkeeper keeps this text up to date. A box does what the command of that name does and needs the right to write. Closed, this issue is left as it is until it is opened again.`;
