/** Paths of fields as people read and write them, and how they are followed in objects and in records of ownership. */

import type { KubernetesObject } from "../model/resource.ts";
import { type JsonRecord, isRecord } from "./json-path.ts";

/** A member of a mapping, or the item of a list that has these values. */
type FieldStep = { readonly name: string } | { readonly item: Readonly<Record<string, string>> };

const segment = /\.?([A-Za-z_$][\w$-]*)|\[("(?:[^"\\]|\\.)*")\]|\[([^\]="]+=[^\]]*)\]/y;

/** Null where the text is no path. */
function stepsOf(path: string): readonly FieldStep[] | null {
  const steps: FieldStep[] = [];
  segment.lastIndex = 0;
  while (segment.lastIndex < path.length) {
    const found = segment.exec(path);
    if (found === null) return null;
    const [, name, quoted, keys] = found;
    if (name !== undefined) steps.push({ name });
    else if (quoted !== undefined) steps.push({ name: unquoted(quoted) });
    else if (keys !== undefined) steps.push({ item: keysOf(keys) });
  }
  return steps.length === 0 ? null : steps;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

function keysOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [key = "", ...value] = pair.split("=");
      return [key.trim(), value.join("=").trim().replaceAll('"', "")];
    }),
  );
}

/** What is wrong with a path that somebody wrote; null when nothing is. */
export function fieldPathProblem(path: string): string | null {
  if (path.length <= 300 && stepsOf(path) !== null) return null;
  return `"${path.slice(0, 60)}" is not the path of a field, like spec.replicas or spec.template.spec.containers[name=web].image`;
}

/** Whether a path is one of these, or below one. Paths of conflicts, which quote differently, are understood as well. */
export function isWithin(path: string, paths: readonly string[]): boolean {
  if (paths.length === 0) return false;
  const here = plain(path);
  return paths.some((each) => {
    const there = plain(each);
    return here === there || here.startsWith(`${there}.`) || here.startsWith(`${there}[`);
  });
}

/** One spelling for `.metadata.annotations.a/b`, `metadata.annotations["a/b"]` and `[name="web"]`, `[name=web]`. */
function plain(path: string): string {
  return path
    .replace(/^\./, "")
    .replaceAll(/\["((?:[^"\\]|\\.)*)"\]/g, ".$1")
    .replaceAll('"', "");
}

/** The value at a path; undefined where there is none. */
export function valueOf(object: unknown, path: string): unknown {
  let here = object;
  for (const step of stepsOf(path) ?? []) {
    if ("name" in step) here = isRecord(here) && Object.hasOwn(here, step.name) ? here[step.name] : undefined;
    else here = Array.isArray(here) ? here.find((item) => fits(item, step.item)) : undefined;
  }
  return here;
}

function fits(item: unknown, keys: Readonly<Record<string, string>>): boolean {
  return isRecord(item) && Object.entries(keys).every(([key, value]) => String(item[key]) === value);
}

/** A copy with another value at a path that the object has; `undefined` takes the field away. */
export function withValue(object: KubernetesObject, path: string, value: unknown): KubernetesObject {
  return replaced(object, stepsOf(path) ?? [], value) as KubernetesObject;
}

function replaced(here: unknown, [step, ...rest]: readonly FieldStep[], value: unknown): unknown {
  if (step === undefined) return value;
  if (!("name" in step)) {
    if (!Array.isArray(here)) return here;
    const items = here.map((item: unknown) => (fits(item, step.item) ? replaced(item, rest, value) : item));
    return items.filter((item) => item !== undefined);
  }
  if (!isRecord(here) || !Object.hasOwn(here, step.name)) return here;
  const member = replaced(here[step.name], rest, value);
  const { [step.name]: _, ...others } = here;
  return member === undefined ? others : { ...here, [step.name]: member };
}

/** Whether a record of ownership (fieldsV1) holds a path, something below it, or an atomic field above it. */
export function ownsWithin(fields: JsonRecord, path: string): boolean {
  let node: JsonRecord = fields;
  for (const [index, step] of (stepsOf(path) ?? []).entries()) {
    if (index > 0 && Object.keys(node).length === 0) return true;
    const key = "name" in step ? `f:${step.name}` : Object.keys(node).find((each) => isItem(each, step.item));
    const next = key === undefined ? undefined : node[key];
    if (!isRecord(next)) return false;
    node = next;
  }
  return true;
}

function isItem(key: string, item: Readonly<Record<string, string>>): boolean {
  if (!key.startsWith("k:")) return false;
  try {
    return fits(JSON.parse(key.slice(2)), item);
  } catch {
    return false;
  }
}
