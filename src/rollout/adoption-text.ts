/** What people read of a pull request that writes into Git what the cluster has. */

import { count } from "../text/count.ts";
import { inertLine, inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks, table } from "../text/markdown.ts";
import type { DriftedField } from "./drift.ts";

/** One field that is written; the values are masked already. */
export interface WrittenField {
  /** As people type it: `Deployment/web`. */
  readonly object: string;
  readonly path: string;
  /** As the report has it; absent where it has changed since. */
  readonly drift: DriftedField | undefined;
  readonly file: string;
}

/** What is not written, of an object as a whole where `field` is null, and why, as half a sentence. */
export interface LeftField {
  readonly object: string;
  readonly field: string | null;
  readonly why: string;
}

const mostRows = 100;
const mostLeft = 30;

export function adoptionTitle(app: string, fields: readonly WrittenField[]): string {
  const [first] = fields;
  const name = first?.path.split(".").at(-1) ?? "";
  const { wanted = null, live = null } = first?.drift ?? {};
  const values = first?.drift === undefined ? "" : ` ${wanted ?? "nothing"} -> ${live ?? "nothing"}`;
  const more = fields.length > 1 ? ` and ${fields.length - 1} more` : "";
  return inertLine(`Adopt ${name}${values} of ${first?.object ?? ""}${more} (${app})`, 200);
}

/** `by`: the login of who asked; `issue`: the drift issue, null where it is not known. `marker` is the hidden ending. */
export function adoptionBody(
  app: string,
  {
    by,
    issue,
    fields,
    left,
  }: {
    readonly by: string;
    readonly issue: number | null;
    readonly fields: readonly WrittenField[];
    readonly left: readonly LeftField[];
  },
  marker: string,
): string {
  const where = issue === null ? "" : ` on #${issue}`;
  const rows = fields.map(({ object, path, drift, file }) => [
    inertSpan(object),
    inertSpan(path),
    valueCell(drift?.wanted),
    valueCell(drift?.live),
    drift?.writer ? inertSpan(drift.writer.manager) : "",
    inertSpan(file),
  ]);
  return fitBlocks(
    [
      `Writes ${count(fields.length, "field")} of ${inertSpan(app)} into Git as the cluster has it. ${inertSpan(by)} asked for it${where}, and cannot approve it. Rendered, it comes to just that, and nothing else changes.`,
      table(["object", "field", "in Git", "in the cluster", "last written by", "file"], rows, mostRows),
      ...leftText(left),
    ],
    marker,
  );
}

/** Nothing where nothing is left. */
export function leftText(left: readonly LeftField[]): readonly string[] {
  if (left.length === 0) return [];
  const lines = left.slice(0, mostLeft).map(({ object, field, why }) => {
    const what = field === null ? inertSpan(object) : `${inertSpan(object)} ${inertSpan(field)}`;
    return `- ${what}: ${inertProse(why)}`;
  });
  const more = left.length > mostLeft ? [`- and ${left.length - mostLeft} more`] : [];
  return [["Not written:", "", ...lines, ...more].join("\n")];
}

function valueCell(text: string | null | undefined): string {
  return text === null || text === undefined ? "_not there_" : inertSpan(text);
}
