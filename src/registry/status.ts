/** Turns a registry's refusal into a failure that says what to do about it. */

import { type Failure, type Result, fail } from "../model/failure.ts";
import type { Answer } from "./transport.ts";

const defaultRetrySeconds = 60;
const longestRetrySeconds = 3600;

/** The failure for a status that is not 2xx; `what` names the thing asked for, host included. */
export function refused(answer: Answer, what: string): Result<never> {
  const { status } = answer;
  const pause = answer.headers.get("retry-after");
  const now = new Date();
  switch (status) {
    case 401:
      return fail(
        "unauthorized",
        `${what} is refused: it does not exist, or it needs other credentials (401)`,
      );
    case 403:
      return fail("forbidden", `${what} is refused: the credentials do not suffice, or there are none (403)`);
    case 404:
      return fail("not-found", `${what} does not exist (404)`);
    case 429:
      return fail("rate-limited", `${what} is refused for now: too many requests (429)`, {
        retryAfterSeconds: retryAfterSeconds(pause, now),
      });
    default:
      return status >= 500
        ? fail("unavailable", `${what} cannot be had: the registry has an error (${status})`, {
            cause: { status },
            ...(pause === null ? {} : { retryAfterSeconds: retryAfterSeconds(pause, now) }),
          })
        : fail("rejected", `${what} is refused (${status})`, { cause: { status } });
  }
}

/** The status behind a failure, where a registry answered with one that says nothing about credentials or existence. */
export function statusBehind(failure: Failure): number | undefined {
  const cause = failure.cause as { readonly status?: unknown; readonly cause?: unknown } | undefined;
  if (typeof cause?.status === "number") return cause.status;
  return failure.code === "incomplete" && cause !== undefined ? statusBehind(cause as Failure) : undefined;
}

/** Seconds of a Retry-After header, which is a number or a date; at least 1 and at most an hour. */
export function retryAfterSeconds(header: string | null, now: Date): number {
  if (header === null) return defaultRetrySeconds;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return defaultRetrySeconds;
  return Math.min(Math.max(Math.ceil(seconds), 1), longestRetrySeconds);
}
