/** What people read about drift: the title and the body of an app's one drift issue. */

import { type ResourceId, resourceText } from "../model/resource.ts";
import { inertLine, inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks, table } from "../text/markdown.ts";
import { makeMarker } from "../text/marker.ts";
import type { DriftClass, FieldDrift, ObjectDrift, Writer } from "./drift.ts";

export interface DriftSubject {
  /** The app's hash and name. */
  readonly app: string;
  readonly name: string;
  /** The folder of the app: the command flow reads it from the marker. */
  readonly path: string;
  /** The commit that was applied. */
  readonly sha: string;
  /** What is said of a pause, as plain text. */
  readonly paused?: string;
}

const maximumTitle = 200;

/** Names the first thing that happened, and how many more: `web-production: Deployment web replicas 3 -> 7 by kubectl-edit`. */
export function driftTitle(subject: DriftSubject, drifts: readonly ObjectDrift[]): string {
  const [first] = drifts;
  if (first === undefined) return `${subject.name}: no drift`;
  const [field] = first.fields;
  const what = `${subject.name}: ${first.id.kind} ${first.id.name} ${field === undefined ? said[first.class] : change(field)}`;
  const more = drifts.reduce((sum, drift) => sum + Math.max(1, drift.fields.length), 0) - 1;
  return inertLine(more === 0 ? what : `${what}, and ${more} more`, maximumTitle);
}

const said: Readonly<Record<DriftClass, string>> = {
  deleted: "was deleted",
  "label-stripped": "lost the label of its app",
  modified: "was changed",
  "ownership-lost": "lost the record of what Lockkeeper applied",
};

/** The last field of a path with what is in brackets behind it: `replicas`, `labels["app.kubernetes.io/name"]`. */
const lastName = /[^.[\]]+(?:\[[^\]]*\])*$/;

function change(field: FieldDrift): string {
  const name = lastName.exec(field.path)?.[0] ?? field.path;
  const values = `${name} ${field.wanted ?? "(none)"} -> ${field.live ?? "(removed)"}`;
  if (field.writer === null) return values;
  const time = field.writer.time?.slice(11, 16);
  const by = `${values} ${field.writer.probable ? "probably by" : "by"} ${field.writer.manager}`;
  return time === undefined ? by : `${by}, last write ${time} UTC`;
}

/** A table of fields with who and when, what to do about it, and the hidden marker by which the issue is found again. */
export function driftBody(subject: DriftSubject, drifts: readonly ObjectDrift[]): string {
  const head = ["object", "field", "in Git", "live", "last written by", "where Git says so"];
  const rows = drifts.flatMap((drift) =>
    drift.fields.length === 0
      ? [[object(drift.id), "", "present", said[drift.class], "", place(drift)]]
      : drift.fields.map((field) => [
          object(drift.id),
          inertSpan(field.path),
          value(field.wanted),
          value(field.live),
          manager(field.writer),
          place(drift),
        ]),
  );
  return fitBlocks(
    [
      `The cluster is not what ${inertSpan(subject.sha.slice(0, 7))} says for the app ${inertSpan(subject.name)}.`,
      table(head, rows),
      ...(subject.paused === undefined
        ? []
        : [`The app is ${inertProse(subject.paused)}. Nothing is healed before that.`]),
      "Comment `/lockkeeper heal` to apply Git again. The issue follows the cluster and closes by itself when the drift is gone.",
    ],
    makeMarker("drift", { app: subject.app, path: subject.path }),
  );
}

function object(id: ResourceId): string {
  return inertSpan(resourceText(id));
}

function value(text: string | null): string {
  return text === null ? "_not there_" : inertSpan(text);
}

function place(drift: ObjectDrift): string {
  return inertSpan(`${drift.file}:${drift.line}`);
}

/** Writes that no manager is on record for came under our manager's name or through a subresource that is not tracked. */
function manager(writer: Writer | null): string {
  if (writer === null) return "_not recorded by the API server_";
  const how =
    writer.subresource === undefined ? writer.operation : `${writer.operation} of ${writer.subresource}`;
  const at = writer.time === undefined ? "" : ` at ${inertLine(writer.time)}`;
  return `${writer.probable ? "probably " : ""}${inertSpan(writer.manager)} (${inertLine(how)})${at}`;
}
