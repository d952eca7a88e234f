/** The ways in which something outside can fail us: expected, and therefore values, not exceptions. */

/**
 * - `not-found`: the thing is not there, or we may not see it.
 * - `unauthorized`: our credential was refused. `forbidden`: it was accepted but does not suffice.
 * - `rate-limited`: come back after `retryAfterSeconds`.
 * - `unavailable`: the other side failed or could not be reached; nothing is known of a write.
 * - `timeout`: no answer within the deadline; nothing is known of a write.
 * - `conflict`: the world has moved since we read it; read again.
 * - `rejected`: the request was understood and refused for its content; repeating it is useless.
 * - `malformed`: an answer or an input that is not what it should be.
 * - `too-large`: over a limit of ours. `incomplete`: a listing of which some part did not come.
 * - `unsupported`: valid, but not something Lockkeeper does.
 * - `cancelled`: we are shutting down.
 */
export type FailureCode =
  | "not-found"
  | "unauthorized"
  | "forbidden"
  | "rate-limited"
  | "unavailable"
  | "timeout"
  | "conflict"
  | "rejected"
  | "malformed"
  | "too-large"
  | "incomplete"
  | "unsupported"
  | "cancelled";

/** An expected failure. `message` is one sentence for a person and never holds a credential or a Secret's value. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** For `rate-limited`: seconds to wait, at least. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Either a value or an expected failure. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(
  code: FailureCode,
  message: string,
  more: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message, ...more } };
}
