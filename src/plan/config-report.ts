/** What the check of a configuration says. */

import type { Problem } from "../config/config.ts";
import { count } from "../text/count.ts";
import { inertSpan } from "../text/inert.ts";
import { fold, table } from "../text/markdown.ts";
import type { ConfigChange, Difference } from "./config-change.ts";

export interface Found {
  readonly problems: readonly Problem[];
  readonly doubts: readonly Problem[];
}

/** One sentence of plain text. */
export function configTitle({ problems, doubts }: Found): string {
  if (problems.length > 0) return `${count(problems.length, "problem")}: Lockkeeper would do nothing here.`;
  return doubts.length === 0
    ? "The configuration is fine."
    : `Understood, with ${count(doubts.length, "doubt")}.`;
}

/** Markdown blocks: what is wrong, and what would be another way once this is merged. */
export function configBlocks({ problems, doubts }: Found, change: ConfigChange | null): readonly string[] {
  return [
    ...list("Wrong, which keeps all of it from being used", problems),
    ...list("Without effect, or not as it is meant", doubts),
    ...(change === null ? [] : changeBlocks(change)),
  ];
}

/** Checks take as many annotations. */
const mostListed = 50;

function list(head: string, problems: readonly Problem[]): readonly string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(
    ({ line, column, message }) => `- ${line}:${column}: ${inertSpan(message, 500)}`,
  );
  return [`**${head}**\n\n${lines.slice(0, mostListed).join("\n")}`];
}

function changeBlocks({ apps, images, approvals, settings }: ConfigChange): readonly string[] {
  const blocks = [
    ...differenceTable("Apps", apps, code),
    ...differenceTable("Which versions images take", images, code),
    ...differenceTable("Whose approval is needed", approvals, (text) => text),
    ...differenceTable("Settings", settings, code),
  ];
  return blocks.length === 0 ? ["Nothing would be another way once this is merged."] : blocks;
}

const fewRows = 10;

function differenceTable(
  head: string,
  rows: readonly Difference[],
  show: (text: string) => string,
): readonly string[] {
  if (rows.length === 0) return [];
  const side = (text: string | null): string => (text === null ? "nothing" : show(text));
  const cells = rows.map(({ what, before, after }) => [inertSpan(what), side(before), side(after)]);
  const shown = table([head, "Now", "After the merge"], cells);
  return [rows.length > fewRows ? fold(`${head}: ${rows.length} changes`, shown) : shown];
}

function code(text: string): string {
  return inertSpan(text, 300);
}
