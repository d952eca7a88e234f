/** Drift as people count it: one finding for each field or object, and one line for many that have one cause. */

import { createHash } from "node:crypto";
import { type ResourceId, resourceText } from "../model/resource.ts";
import type { DriftedField, ObjectDrift } from "./drift.ts";

export interface Finding {
  /** The same as long as the same field of the same object is meant, whatever its value. */
  readonly key: string;
  readonly object: ObjectDrift;
  /** Null where it is the object as a whole. */
  readonly field: DriftedField | null;
}

/** What is only lost on record is no finding. */
export function findingsOf(drifts: readonly ObjectDrift[]): readonly Finding[] {
  return drifts.flatMap((object): readonly Finding[] => {
    if (object.class === "ownership-lost") return [];
    if (object.fields.length === 0) return [{ key: keyOf(object, object.class), object, field: null }];
    return object.fields.map((field) => ({ key: keyOf(object, field.path), object, field }));
  });
}

function keyOf({ id }: ObjectDrift, what: string): string {
  return createHash("sha256")
    .update(`${resourceText(id)}\n${what}`)
    .digest("hex")
    .slice(0, 12);
}

/** Fewer are told one by one. */
const leastTogether = 3;

/** Findings in their order, put together where one manager has written one path of several objects within one minute. */
export function byCause(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const cause = causeOf(finding) ?? finding.key;
    const group = groups.get(cause);
    if (group === undefined) groups.set(cause, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < leastTogether ? group.map((one) => [one]) : [group],
  );
}

function causeOf({ field }: Finding): string | null {
  if (field?.writer?.time === undefined) return null;
  const { manager, time, probable } = field.writer;
  return JSON.stringify([manager, time.slice(0, 16), probable, field.path]);
}

/** `Deployment/web`, as people type it behind a command. */
export function objectName({ kind, name }: ResourceId): string {
  return `${kind}/${name}`;
}

/** Whether what somebody typed means this object: `Deployment/web`, also with its group, its namespace or both. */
export function isNamedBy({ group, kind, namespace, name }: ResourceId, typed: string): boolean {
  const [first = "", ...rest] = typed.split("/");
  const ofKind = first.toLowerCase();
  const isKind = [kind, `${kind}.${group}`].some((known) => known.toLowerCase() === ofKind);
  return isKind && (rest.join("/") === name || rest.join("/") === `${namespace}/${name}`);
}
