/** Turns whatever octokit throws into one failure of ours, without anything secret in it. */

import { type Failure, type FailureCode, type Result, fail, ok } from "../model/failure.ts";

/** A refusal of this adapter itself, thrown below octokit and translated like everything else. */
export class Refusal extends Error {
  readonly failure: Failure;

  constructor(code: FailureCode, message: string, more: { retryAfterSeconds?: number } = {}) {
    super(message);
    this.name = "Refusal";
    this.failure = { code, message, ...more };
  }
}

/** What octokit throws for a request; its class is known by name only, as octokit's own plugins do it. */
interface HttpError extends Error {
  readonly status: number;
  /** Absent when no answer came. */
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && error.name === "HttpError" && "status" in error;
}

const codes: Readonly<Record<number, FailureCode>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "rejected",
  408: "timeout",
  409: "conflict",
  410: "unsupported",
  422: "rejected",
  423: "forbidden",
  451: "forbidden",
};

/** A 422 that tells of a world that has moved, where every other 422 tells of a wrong request. */
const moved = /already exists|no commits between|does not exist|not a fast forward|beforeoid|expected .*oid/i;
const limited = /rate limit|abuse detection/i;
/** What GitHub asks for where an answer names no time. */
const defaultWaitSeconds = 60;

/** Runs calls of octokit; `what` completes the sentence "could not …". Bugs are thrown on. */
export async function attempt<T>(what: string, call: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await call());
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    const message = redact(`could not ${what}: ${failure.message}`);
    return fail(failure.code, message, { retryAfterSeconds: failure.retryAfterSeconds });
  }
}

/** The failure that an error of octokit or of this adapter means; null for a bug. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Refusal) return error.failure;
  if (isHttpError(error)) return requestFailure(error);
  if (isGraphqlError(error)) return graphqlFailure(error.errors);
  return null;
}

function requestFailure(error: HttpError): Failure {
  if (error.response === undefined) return transportFailure(error);
  const message = `${error.status} ${oneLine(error.message)}`.trim();
  const wait = waitSeconds(error);
  if (wait !== null) return { code: "rate-limited", message, retryAfterSeconds: wait };
  if (error.status === 422 && moved.test(message)) return { code: "conflict", message };
  const code = codes[error.status] ?? (error.status >= 500 ? "unavailable" : "rejected");
  return { code, message };
}

/** No answer came: our own guard refused, the deadline passed, or the network failed. */
function transportFailure(error: HttpError): Failure {
  const cause: unknown = error.cause;
  if (cause instanceof Refusal) return cause.failure;
  const timedOut = cause instanceof Error && /^(?:Timeout|Abort)Error$/.test(cause.name);
  if (timedOut) return { code: "timeout", message: "no answer within the deadline" };
  return { code: "unavailable", message: oneLine(error.message) };
}

/**
 * Seconds to wait when the answer is a rate limit, primary or secondary, else null. Rules:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function waitSeconds(error: HttpError): number | null {
  if (error.status !== 403 && error.status !== 429) return null;
  const headers = error.response?.headers ?? {};
  const retryAfter = Number(headers["retry-after"]);
  if (Number.isFinite(retryAfter) && retryAfter > 0) return retryAfter;
  if (headers["x-ratelimit-remaining"] === "0") {
    const untilReset = Number(headers["x-ratelimit-reset"]) - Date.now() / 1000;
    return Math.max(1, Math.ceil(untilReset) || defaultWaitSeconds);
  }
  return error.status === 429 || limited.test(error.message) ? defaultWaitSeconds : null;
}

interface GraphqlError {
  readonly type?: string;
  readonly message?: string;
}

function isGraphqlError(error: unknown): error is { errors: readonly GraphqlError[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

const graphqlCodes: Readonly<Record<string, FailureCode>> = {
  NOT_FOUND: "not-found",
  FORBIDDEN: "forbidden",
  INSUFFICIENT_SCOPES: "forbidden",
  RATE_LIMITED: "rate-limited",
};

function graphqlFailure(errors: readonly GraphqlError[]): Failure {
  const [first] = errors;
  const message = oneLine(first?.message ?? "GraphQL error");
  const code = graphqlCodes[first?.type ?? ""] ?? (moved.test(message) ? "conflict" : "rejected");
  return code === "rate-limited"
    ? { code, message, retryAfterSeconds: defaultWaitSeconds }
    : { code, message };
}

/** The first 300 characters on one line, without GitHub's pointer to its manual; nothing of an HTML error page. */
function oneLine(text: string): string {
  if (text.trimStart().startsWith("<")) return "";
  return text
    .replaceAll(/\s+/g, " ")
    .replace(/ - https:\/\/docs\.github\.com\S*$/, "")
    .trim()
    .slice(0, 300);
}

/** Blanks GitHub tokens of any length, JSON Web Tokens and PEM blocks. */
export function redact(text: string): string {
  return text
    .replaceAll(/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g, "[redacted key]")
    .replaceAll(/\b(?:gh[a-z]|github_pat)_[A-Za-z0-9_.-]+/g, "[redacted token]")
    .replaceAll(/\beyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*/g, "[redacted token]");
}
