/** What a render server is asked and answers: JSON, with bytes as base64. */

import { type Failure, type FailureCode, type Result, fail, ok } from "../model/failure.ts";
import { isRecord } from "../manifests/same-json.ts";
import type { ToolJob } from "./run-tool.ts";

/** Of a job or an answer; both are well below that. */
export const mostBytes = 160 * 1024 * 1024;

const codes: ReadonlySet<string> = new Set<FailureCode>([
  "timeout",
  "too-large",
  "rejected",
  "cancelled",
  "unsupported",
  "malformed",
]);

export function encodeJob({ name, programs, args, files }: ToolJob): string {
  const encoded = [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]);
  return JSON.stringify({ name, programs, args, files: encoded });
}

/** Null where it is no job. */
export function decodeJob(text: string): ToolJob | null {
  const job = parsed(text);
  if (!isRecord(job)) return null;
  const { name, programs, args, files } = job;
  if (typeof name !== "string" || !isTexts(programs) || !isTexts(args) || !Array.isArray(files)) return null;
  const [first, ...others] = programs;
  if (first === undefined || !files.every((file) => isTexts(file) && file.length === 2)) return null;
  const decoded = (files as [string, string][]).map(
    ([path, bytes]) => [path, Buffer.from(bytes, "base64")] as const,
  );
  return { name, programs: [first, ...others], args, files: new Map(decoded) };
}

export function encodeResult<T>(result: Result<T>, shown: (value: T) => unknown): string {
  return JSON.stringify(result.ok ? { value: shown(result.value) } : { failure: failureOf(result.failure) });
}

function failureOf({ code, message }: Failure) {
  return { code, message };
}

/** `unavailable` where it is no answer of a render server. */
export function decodeResult<T>(text: string, read: (value: unknown) => T | null): Result<T> {
  const answer = parsed(text);
  const strange = fail("unavailable", "the render server gave no answer that is understood");
  if (!isRecord(answer)) return strange;
  const { value, failure } = answer;
  if (isRecord(failure) && typeof failure["message"] === "string" && codes.has(String(failure["code"])))
    return fail(failure["code"] as FailureCode, failure["message"]);
  const found = read(value);
  return found === null ? strange : ok(found);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
