/** One finding, or many of one cause, in words: for titles, tables and comments. */

import { resourceText } from "../model/resource.ts";
import type { DriftClass, DriftedField, Writer } from "./drift.ts";
import { type Finding, objectName } from "./drift-findings.ts";

export const classWords: Readonly<Record<DriftClass, string>> = {
  deleted: "was deleted",
  "label-stripped": "lost the label of its app",
  extra: "stands in no manifest",
  modified: "was changed",
  "ownership-lost": "lost the record of what Lockkeeper applied",
};

/** Plain text of one line: `replicas 3 -> 7 by kubectl-edit, last write 14:02 UTC`, `12 objects: metadata.labels["a/b"] …`. */
export function causeText(group: readonly Finding[]): string {
  const [first] = group;
  if (first === undefined) return "nothing";
  const { object, field } = first;
  if (field === null) return `${objectName(object.id)} ${classWords[object.class]}`;
  if (group.length === 1) return `${changeText(field)}${writerText(field.writer)}`;
  const time = field.writer?.time?.slice(11, 16) ?? "";
  return `${group.length} objects: ${field.path} by ${field.writer?.manager ?? ""} at ${time} UTC`;
}

/** The last field of a path with what is in brackets behind it: `replicas`, `labels["app.kubernetes.io/name"]`. */
const lastName = /[^.[\]]+(?:\[[^\]]*\])*$/;

function changeText({ path, wanted, live }: DriftedField): string {
  const name = lastName.exec(path)?.[0] ?? path;
  if (wanted === null) return `${name} added`;
  return `${name} ${wanted} -> ${live ?? "(removed)"}`;
}

function writerText(writer: Writer | null): string {
  if (writer === null) return "";
  const by = ` ${writer.probable ? "probably by" : "by"} ${writer.manager}`;
  const time = writer.time?.slice(11, 16);
  return time === undefined ? by : `${by}, last write ${time} UTC`;
}

/** With the object before it, for lists of findings. */
export function findingText(finding: Finding): string {
  const { object, field } = finding;
  return field === null ? causeText([finding]) : `${objectName(object.id)}: ${causeText([finding])}`;
}

/** `Deployment/web`, or in full where two of these have that name. */
export function shownObject(finding: Finding, all: readonly Finding[]): string {
  const name = objectName(finding.object.id);
  const full = resourceText(finding.object.id);
  const twin = all.some(({ object: { id } }) => objectName(id) === name && resourceText(id) !== full);
  if (!twin) return name;
  const { group, kind, namespace, name: own } = finding.object.id;
  const of = group === "" ? kind : `${kind}.${group}`;
  return namespace === undefined ? `${of}/${own}` : `${of}/${namespace}/${own}`;
}
