/** Values of single fields, set or taken away in a copy of an object: what an edit of its text has to come to. */

import { type JsonRecord, isRecord } from "./same-json.ts";

/** One field as the cluster has it; `undefined` where it is gone there. */
export interface LiveField {
  /** As in fieldsV1: `f:spec`, `k:{"name":"web"}`, `v:"a"`; a last `.` stands for the map or item itself. */
  readonly steps: readonly string[];
  readonly value: unknown;
}

/** A copy of the object with the field as it is live. Items that a keyed list does not have yet come last. */
export function withField(object: unknown, { steps, value }: LiveField): unknown {
  const path = steps.at(-1) === "." ? steps.slice(0, -1) : steps;
  return set(structuredClone(object), path, value);
}

/** What an object has there; undefined where it has nothing. */
export function fieldOf(object: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || step === ".") return object;
  if (step.startsWith("f:")) {
    const key = step.slice(2);
    return isRecord(object) && Object.hasOwn(object, key) ? fieldOf(object[key], rest) : undefined;
  }
  const list = Array.isArray(object) ? (object as unknown[]) : [];
  const at = itemIndex(list, step);
  return at === null ? undefined : fieldOf(list[at], rest);
}

function set(here: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (step.startsWith("f:")) return setKey(here, step.slice(2), rest, value);
  const list = Array.isArray(here) ? (here as unknown[]) : [];
  const at = itemIndex(list, step);
  if (at === null && value === undefined) return here;
  const old = at === null ? newItem(step) : list[at];
  const item =
    rest.length === 0 && value !== undefined && at === null ? (value ?? old) : set(old, rest, value);
  if (at === null) return [...list, item];
  return item === undefined ? list.toSpliced(at, 1) : list.with(at, item);
}

function setKey(here: unknown, key: string, rest: readonly string[], value: unknown): unknown {
  const map: JsonRecord = isRecord(here) ? here : {};
  const had = Object.hasOwn(map, key);
  if (!had && value === undefined) return here;
  const below = set(had ? map[key] : undefined, rest, value);
  if (below !== undefined) return { ...map, [key]: below };
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}

/** Where a list has the item that a step of fieldsV1 names; null where it has none, or several. */
function itemIndex(list: readonly unknown[], step: string): number | null {
  const wanted = parsed(step.slice(2));
  const matches = step.startsWith("k:")
    ? (item: unknown) => isRecord(wanted) && hasKeys(item, wanted)
    : (item: unknown) => JSON.stringify(item) === JSON.stringify(wanted);
  const found = list.flatMap((item, index) => (matches(item) ? [index] : []));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The server fills these in where a manifest leaves them out, and keys of lists are made of them. */
const defaults: JsonRecord = { protocol: "TCP" };

function hasKeys(item: unknown, wanted: JsonRecord): boolean {
  if (!isRecord(item)) return false;
  return Object.entries(wanted).every(([key, value]) => (item[key] ?? defaults[key]) === value);
}

/** What a new item of a keyed list begins with: its keys. A member of a set is its own value. */
function newItem(step: string): unknown {
  return parsed(step.slice(2));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
