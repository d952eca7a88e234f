/** Reads what may or may not stand somewhere inside raw JSON. */

export type JsonRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value below a chain of keys; undefined as soon as something on the way is missing or not a mapping. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys) {
    if (!isRecord(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : undefined;
}

/** The mappings of a list; empty where there is no list. */
export function recordsAt(value: unknown, ...keys: readonly string[]): readonly JsonRecord[] {
  const found = valueAt(value, ...keys);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}
