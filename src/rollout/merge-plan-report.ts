/** What people read about a plan: the text of its check, and the deletes that are remembered in it. */

import { createHash } from "node:crypto";
import { count } from "../text/count.ts";
import { inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks, table } from "../text/markdown.ts";
import { makeMarker, readMarker } from "../text/marker.ts";
import { isRecord } from "./json-path.ts";
import type { AppPlan, FieldChange, PlannedChange } from "./merge-plan.ts";
import { restartText } from "./merge-plan-title.ts";

const kind = "plan";
/** Characters of all tables together; GitHub takes 65,535 of everything. */
const room = 45_000;
/** Deletes of one plan that are remembered; so many are stopped by themselves. */
const mostRemembered = 1_500;

/** `notices` are sentences of ours about the whole plan. The same facts give the same text. */
export function planSummary(plans: readonly AppPlan[], notices: readonly string[]): string {
  const each = Math.max(1_200, Math.floor(room / Math.max(1, plans.length) / 3));
  const blocks = plans.flatMap((plan) => appBlocks(plan, each, plans.length > 1));
  return fitBlocks([...notices, ...blocks], makeMarker(kind, remembered(plans)));
}

function appBlocks(plan: AppPlan, size: number, heading: boolean): readonly string[] {
  const { changes, deletes, refusals, gate, rendered } = plan;
  const taken = changes.filter(({ takesBack }) => takesBack.length > 0);
  const restarts = changes.flatMap(({ restart }) => restart ?? []).map((one) => inertSpan(restartText(one)));
  return [
    ...(heading ? [`### ${inertSpan(plan.name)} in ${inertSpan(plan.environment)}`] : []),
    ...(rendered === null ? [] : [`Told from the manifests alone: ${inertProse(rendered)}.`]),
    ...(refusals.length > 0 ? [refusalsText(refusals)] : []),
    ...tableWithin(["object", "what happens", "where Git says so"], changes.map(changeRow), size),
    ...tableWithin(["object", "field", "now", "after the merge"], fieldRows(changes, "fields"), size),
    ...(taken.length > 0
      ? [
          "**Merging also takes back** what differs in the cluster already:",
          ...tableWithin(["object", "field", "now", "after the merge"], fieldRows(taken, "takesBack"), size),
        ]
      : []),
    ...(restarts.length > 0 ? [`Restarts ${restarts.slice(0, 20).join(", ")}.`] : []),
    ...(gate !== null && deletes.length > 0 ? [`**Nothing would be pruned**: ${inertProse(gate)}.`] : []),
    ...tableWithin(["not in Git any more", "what happens"], deleteRows(plan), size),
    restText(plan),
  ];
}

function refusalsText(refusals: readonly string[]): string {
  const shown = refusals.slice(0, 20).map((each) => `- ${inertSpan(each, 500)}`);
  const more = refusals.length - shown.length;
  const rest = more > 0 ? [`- and ${more} more`] : [];
  return ["**Nothing would be applied:**", "", ...shown, ...rest].join("\n");
}

const said: Readonly<Record<PlannedChange["action"], string>> = {
  create: "is created",
  change: "is changed",
  recreate: "is deleted and made anew",
  take: "is there already and not ours: it is taken over, and what it holds is not shown",
};

function changeRow(change: PlannedChange): readonly string[] {
  const { object, action, unproven, refused, file, line } = change;
  const how = unproven === null ? "" : ` (not validated by the server: ${inertProse(unproven, 300)})`;
  const what = refused === null ? said[action] : `**would be refused**: ${inertProse(refused)}`;
  return [inertSpan(object), `${what}${how}`, inertSpan(`${file}:${line}`)];
}

function fieldRows(
  changes: readonly PlannedChange[],
  which: "fields" | "takesBack",
): readonly (readonly string[])[] {
  return changes.flatMap((change) =>
    change[which].map((field) => [
      inertSpan(change.object),
      inertSpan(field.path),
      ...(change.secret ? secretCells(field) : [valueCell(field.from), valueCell(field.to)]),
    ]),
  );
}

/** Of a Secret not even how two hidden values look beside each other. */
function secretCells({ from, to }: FieldChange): readonly string[] {
  if (from === null) return ["_not there_", "(hidden)"];
  return to === null ? ["(hidden)", "_not there_"] : ["(hidden)", "(hidden), another one"];
}

function valueCell(text: string | null): string {
  return text === null ? "_not there_" : inertSpan(text);
}

function deleteRows({ deletes, gate, rendered }: AppPlan): readonly (readonly string[])[] {
  return deletes.map(({ object, stays }) => {
    if (stays !== null) return [inertSpan(object), `stays: ${inertProse(stays)}`];
    if (rendered !== null) return [inertSpan(object), "leaves Git"];
    return [inertSpan(object), gate === null ? "is deleted" : "stays"];
  });
}

function restText({ unchanged, late, left }: AppPlan): string {
  const parts = [
    `${count(unchanged, "object")} unchanged.`,
    ...(left === undefined
      ? []
      : [`It is no app that is applied any more; ${count(left, "object")} of it stay in the cluster.`]),
    ...(late > 0
      ? [
          `${count(late, "object")} that the default branch has changed already ${late === 1 ? "is" : "are"} not applied yet.`,
        ]
      : []),
  ];
  return parts.join(" ");
}

/** As many rows as there is room for; nothing where there are none. */
function tableWithin(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  size: number,
): readonly string[] {
  if (rows.length === 0) return [];
  let left = size;
  const first = rows.findIndex((cells) => (left -= cells.join(" | ").length + 5) < 0);
  return [table(head, rows, first < 0 ? rows.length : Math.max(1, first))];
}

/** The ids of deletes by app, and the apps of which they are not known, as the cluster was not asked about them. */
function remembered(plans: readonly AppPlan[]): object {
  const deletes = plans
    .filter(isKnown)
    .map((plan) => [plan.app, plan.deletes.slice(0, mostRemembered).map(({ object }) => deleteId(object))]);
  const unknown = plans.filter((plan) => !isKnown(plan)).map(({ app }) => app);
  return { deletes: Object.fromEntries(deletes), unknown };
}

function isKnown({ rendered, refusals }: AppPlan): boolean {
  return rendered === null && refusals.length === 0;
}

/** A short name for an object, as an object's own may be long. */
export function deleteId(object: string): string {
  return createHash("sha256").update(object).digest("hex").slice(0, 12);
}

/**
 * The ids of what a plan said would leave Git, for one app: none for an app that it does not touch; null where the plan does not
 * know. Who wrote the text is checked before.
 */
export function plannedDeletes(summary: string, app: string): ReadonlySet<string> | null {
  const marker = readMarker(summary, kind);
  if (!isRecord(marker) || !isRecord(marker["deletes"]) || !Array.isArray(marker["unknown"])) return null;
  if (marker["unknown"].includes(app)) return null;
  const own = Object.hasOwn(marker["deletes"], app) ? marker["deletes"][app] : [];
  return Array.isArray(own) ? new Set(own.map(String)) : null;
}
