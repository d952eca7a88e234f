/** Boxes to tick: commands given without typing, each remembered in the line that it stands on. */

import { z } from "zod";
import { makeMarker, readMarker } from "../text/marker.ts";

/** What a box orders: the name of a command, and the pull request or the branch that it is about, if any. */
const boxOrder = z.strictObject({
  command: z.string().max(40),
  pull: z.int().positive().optional(),
  branch: z.string().max(200).optional(),
});
export type BoxOrder = z.infer<typeof boxOrder>;

const kind = "do";
const ticked = /^\s*[-*] \[[xX]\] (<!-- lockkeeper:do .* -->)/;

/** An item of a Markdown list; `markdown` is one line, with foreign text made inert before. */
export function box(order: BoxOrder, markdown: string): string {
  return `- [ ] ${makeMarker(kind, order)} ${markdown}`;
}

/** What is ordered by the boxes that are ticked, in the order of the text, each once. */
export function tickedBoxes(text: string): readonly BoxOrder[] {
  const orders = text.split(/\r?\n/).flatMap((line) => orderOf(line) ?? []);
  return [...new Map(orders.map((order) => [JSON.stringify(order), order])).values()];
}

/** The text with these boxes no longer ticked. */
export function untick(text: string, orders: readonly BoxOrder[]): string {
  const done = new Set(orders.map((order) => JSON.stringify(order)));
  const lines = text.split(/\r?\n/).map((line) => {
    const order = orderOf(line);
    return order !== undefined && done.has(JSON.stringify(order)) ? line.replace(/\[[xX]\]/, "[ ]") : line;
  });
  return lines.join("\n");
}

function orderOf(line: string): BoxOrder | undefined {
  const marker = ticked.exec(line)?.[1];
  if (marker === undefined) return undefined;
  const end = marker.indexOf(" -->") + " -->".length;
  return boxOrder.safeParse(readMarker(marker.slice(0, end), kind)).data;
}
