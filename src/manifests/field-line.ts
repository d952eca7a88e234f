/** Finds the line on which a manifest says the value of a field. */

import { isMap, isSeq } from "yaml";
import { type ObjectName, objectIn } from "./adopt-fields.ts";
import { pairOf } from "./node-path.ts";
import { isRecord, sameJson } from "./same-json.ts";
import { decodeText, lineOf, parseSource } from "./source-file.ts";

interface LinesInput {
  readonly bytes: Uint8Array;
  readonly name: ObjectName;
  /** Each as in fieldsV1; a last `.` stands for the map or item itself. */
  readonly fields: readonly (readonly string[])[];
}

/** 1-based, for each of the fields; null where the object does not say it, or does not stand in the file as it is. */
export function fieldLines({ bytes, name, fields }: LinesInput): readonly (number | null)[] {
  const text = decodeText(bytes);
  const parsed = text === null ? null : parseSource(text);
  const found = parsed?.ok === true ? objectIn(parsed.value.documents, name) : null;
  if (text === null || found === null) return fields.map(() => null);
  return fields.map((steps) => {
    const offset = offsetOf(found.node, found.value, steps);
    return offset === null ? null : lineOf(text, offset);
  });
}

/** Where the last key or item begins. Aliases and merge keys are not followed: what stands there is not this field alone. */
function offsetOf(top: unknown, whole: unknown, steps: readonly string[]): number | null {
  let [node, value] = [top, whole];
  let offset: number | null = null;
  for (const step of steps) {
    if (step === ".") return offset;
    const name = step.slice(2);
    if (step.startsWith("f:") && isMap(node)) {
      const pair = pairOf(node, name);
      if (pair === undefined) return null;
      offset = startOf(pair.key);
      [node, value] = [pair.value, isRecord(value) ? value[name] : undefined];
    } else if (isSeq(node) && Array.isArray(value)) {
      const items: readonly unknown[] = value;
      const at = step.startsWith("i:") ? Number(name) : items.findIndex((item) => isItem(item, step));
      if (at < 0 || node.items[at] === undefined) return null;
      offset = startOf(node.items[at]);
      [node, value] = [node.items[at], items[at]];
    } else return null;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  const { range } = (isRecord(node) ? node : {}) as { range?: readonly number[] };
  return range?.[0] ?? null;
}

/** The server fills in a protocol where a manifest names none, and makes it part of the key. */
function isItem(item: unknown, step: string): boolean {
  const wanted = parsed(step.slice(2));
  if (!step.startsWith("k:")) return sameJson(item, wanted);
  if (!isRecord(item) || !isRecord(wanted)) return false;
  return Object.entries(wanted).every(
    ([key, value]) => (item[key] ?? (key === "protocol" ? "TCP" : undefined)) === value,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
