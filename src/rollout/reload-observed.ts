/** The record on a workload of the configuration that its pods run with, and what is different now. */

import { createHash } from "node:crypto";
import { isRecord } from "./json-path.ts";
import type { Contents } from "./reload-contents.ts";
import { type Reference, configText } from "./reload-references.ts";

/** Digests by key of one object. `*` stands in it where the whole object is used: empty, or one digest for many keys. */
type Held = Readonly<Record<string, string>>;

export interface Observed {
  /** Of the key that all digests were made with. */
  readonly key: string;
  /** Digest of the pod template then. */
  readonly template: string;
  /** By `Secret/db`. */
  readonly objects: Readonly<Record<string, Held>>;
  /** When it was rolled for its configuration, ISO 8601, the last few. */
  readonly rolled: readonly string[];
}

/** An object that is not what the pods run with. `keys` is empty where only that much is known. */
export interface Change {
  readonly object: string;
  readonly keys: readonly string[];
}

/** More keys of an object than this are kept as one digest: annotations have little room. */
const mostKeys = 50;
const absent = "-";
const whole = "*";

/** Null where there is no record, or none that we wrote. */
export function readObserved(text: string | null): Observed | null {
  try {
    const { key, template, objects, rolled } = JSON.parse(text ?? "") as Record<string, unknown>;
    if (typeof key !== "string" || typeof template !== "string" || !isRecord(objects)) return null;
    if (!Object.values(objects).every(isRecord)) return null;
    const times = Array.isArray(rolled) ? rolled.filter((each) => typeof each === "string") : [];
    return { key, template, objects: objects as Observed["objects"], rolled: times };
  } catch {
    return null;
  }
}

export function writeObserved({ key, template, objects, rolled }: Observed): string {
  const sorted = Object.fromEntries(
    Object.entries(objects)
      .sort(byName)
      .map(([name, held]) => [name, Object.fromEntries(Object.entries(held).sort(byName))]),
  );
  return JSON.stringify({ key, template, objects: sorted, ...(rolled.length > 0 ? { rolled } : {}) });
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);

/**
 * What the pods would run with if they were started now. What is missing could not be started with: it is taken from
 * `before`, and once it is there it is compared with that.
 */
export function heldNow(
  references: readonly Reference[],
  contents: ReadonlyMap<string, Contents>,
  before: Observed["objects"],
): Observed["objects"] {
  const held = references.flatMap((reference): (readonly [string, Held])[] => {
    const text = configText(reference);
    const known = own(before, text);
    const found = contents.get(text);
    if (found === undefined) return known === undefined ? [] : [[text, known]];
    return [[text, heldOf(reference, found.digests, known ?? {})]];
  });
  return Object.fromEntries(held);
}

function heldOf({ kind, keys }: Reference, digests: Held, before: Held): Held {
  if (keys !== null) {
    const named = [...keys].map(([key, optional]) => [
      key,
      own(digests, key) ?? (optional ? absent : own(before, key)),
    ]);
    return Object.fromEntries(named.filter(([, digest]) => digest !== undefined)) as Held;
  }
  // A rotation on its way hides what it changes; nothing of a class is ever just gone.
  const all = kind === "SecretProviderClass" ? { ...before, ...digests } : digests;
  const entries = Object.entries(all).filter(([key]) => key !== whole);
  if (entries.length <= mostKeys) return { ...Object.fromEntries(entries), [whole]: "" };
  const together = entries.map((entry) => entry.join("=")).sort();
  return { [whole]: createHash("sha256").update(together.join("\n")).digest("hex").slice(0, 16) };
}

/** Keys are anybody's words, `constructor` among them. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** What is used anew is no change: whoever began to use it has rolled the workload. */
export function changesBetween(
  before: Observed["objects"],
  now: Observed["objects"],
  contents: ReadonlyMap<string, Contents>,
): readonly Change[] {
  return Object.entries(now).flatMap(([object, held]) => {
    const known = own(before, object);
    if (known === undefined || contents.get(object)?.fresh === true) return [];
    const keys = whole in held ? changedInWhole(known, held) : changedKeys(known, held);
    return keys === null ? [] : [{ object, keys }];
  });
}

function changedKeys(before: Held, now: Held): readonly string[] | null {
  const keys = Object.keys(now).filter((key) => Object.hasOwn(before, key) && before[key] !== now[key]);
  return keys.length > 0 ? keys : null;
}

function changedInWhole(before: Held, now: Held): readonly string[] | null {
  // Before, only some of its keys were used.
  if (!(whole in before)) return null;
  if (before[whole] !== "" || now[whole] !== "") return before[whole] === now[whole] ? null : [];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = keys.filter((key) => own(before, key) !== own(now, key)).sort();
  return changed.length > 0 ? changed : null;
}
