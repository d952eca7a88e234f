/** What `lockkeeper diff` prints. Values are masked already. */

import { inertLine } from "../text/inert.ts";
import type { ObjectDiff } from "./diff-objects.ts";

/** One line of JSON; `from` is live, `to` what an apply would give, null where there is nothing. */
export function diffJson(diffs: readonly ObjectDiff[]): string {
  const objects = diffs.map(({ fields, ...diff }) => ({
    ...diff,
    fields: fields.map(({ path, live, wanted, writer }) => ({
      path,
      from: live,
      to: wanted,
      writtenBy: writer?.manager ?? null,
    })),
  }));
  return `${JSON.stringify({ objects })}\n`;
}

/** The objects that differ with their fields, and the rest as a number. */
export function diffText(diffs: readonly ObjectDiff[]): string {
  const shown = diffs.filter(({ change }) => change !== "unchanged").map(objectText);
  const unchanged = diffs.length - shown.length;
  return [...shown, `${unchanged} ${unchanged === 1 ? "object" : "objects"} unchanged.`].join("\n\n");
}

const said: Readonly<Record<ObjectDiff["change"], string>> = {
  created: "would be created",
  changed: "would be changed",
  unchanged: "is unchanged",
  unknown: "cannot be compared",
};

function objectText({ object, file, line, change, fields, reason }: ObjectDiff): string {
  const head = `${inertLine(object)} ${said[change]} (${inertLine(file)}:${line})`;
  const why = reason === null ? [] : [`  ${inertLine(reason, 500)}`];
  const rows = fields.map(({ path, live, wanted, writer }) => {
    const by = writer === null ? "" : `  (written by ${inertLine(writer.manager)})`;
    return `  ${inertLine(path)}: ${value(live)} -> ${value(wanted)}${by}`;
  });
  return [head, ...why, ...rows].join("\n");
}

function value(text: string | null): string {
  return text === null ? "(none)" : inertLine(text);
}
