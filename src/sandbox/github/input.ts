/** Reads fields of a request body, refusing wrong kinds as GitHub does: with 422 and the field's name. */

import { invalidRequest } from "./api-error.ts";

type Body = Readonly<Record<string, unknown>>;

/** A text that may be absent. `null` counts as absent. */
export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidRequest(`For '${field}', ${show(value)} is not a string.`);
  return value;
}

export function text(body: Body, field: string): string {
  const value = optionalText(body, field);
  if (value === undefined) throw invalidRequest(`"${field}" wasn't supplied.`);
  return value;
}

export function optionalFlag(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw invalidRequest(`For '${field}', ${show(value)} is not a boolean.`);
  return value;
}

export function optionalList(body: Body, field: string): readonly unknown[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalidRequest(`For '${field}', ${show(value)} is not an array.`);
  return value;
}

/** A list of texts; absent is empty. */
export function texts(body: Body, field: string): readonly string[] {
  return (optionalList(body, field) ?? []).map((value) => {
    if (typeof value !== "string") throw invalidRequest(`For '${field}', ${show(value)} is not a string.`);
    return value;
  });
}

/** One of a fixed set of words; absent is undefined. */
export function optionalWord<T extends string>(
  body: Body,
  field: string,
  words: readonly T[],
): T | undefined {
  const value = optionalText(body, field);
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) {
    throw invalidRequest(`For '${field}', ${show(value)} is not a member of [${words.join(", ")}].`);
  }
  return word;
}

/** A nested object that may be absent. */
export function optionalRecord(body: Body, field: string): Body | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return asRecord(value, field);
}

export function asRecord(value: unknown, field: string): Body {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidRequest(`For '${field}', ${show(value)} is not an object.`);
  }
  return value as Body;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
