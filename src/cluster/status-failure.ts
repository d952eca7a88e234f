/** What an API server's refusal means to us, without a word of the values that it may quote. */

import type { Failure, FailureCode } from "../model/failure.ts";
import type { RefusalCause } from "../ports/cluster.ts";

/** One refused answer: the body is a `Status` of `meta/v1`, or anything else where a proxy or a crash answered. */
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
  /** Seconds, from `Retry-After`. */
  readonly retryAfter?: number;
  /** What was tried, for the message: `apply Deployment.apps web/frontend`. */
  readonly what: string;
  /** Nothing that a policy says of it is quoted: it may say what is in a Secret. */
  readonly secret?: boolean;
}

interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

interface Status {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly Cause[]; readonly retryAfterSeconds?: number };
}

const codes: Readonly<Record<number, FailureCode>> = {
  400: "rejected",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "unsupported",
  406: "unsupported",
  409: "conflict",
  410: "conflict",
  413: "too-large",
  415: "unsupported",
  422: "rejected",
  429: "rate-limited",
  504: "timeout",
};

/** A failure, its cause being a `RefusalCause`, with a message made of reasons, field paths and managers only: servers echo values, of Secrets too. */
export function statusFailure(refusal: Refusal): Failure {
  const status = asStatus(refusal.body);
  const policy = policyText(status, refusal.secret === true);
  const code = policy?.code ?? codeOf(refusal, status);
  const seconds = refusal.retryAfter ?? status.details?.retryAfterSeconds;
  return {
    code,
    message: `${refusal.what}: ${policy?.text ?? explanation(refusal.status, status, code)}`,
    ...(code === "rate-limited" ? { retryAfterSeconds: seconds ?? 1 } : {}),
    cause: causeOf(refusal.status, status),
  };
}

function causeOf(code: number, status: Status): RefusalCause {
  const causes = status.details?.causes ?? [];
  const held = causes.filter(isConflict).map((cause) => ({
    field: cause.field ?? "",
    manager: managerOf(cause),
  }));
  const immutable = causes.length > 0 && causes.every(isImmutable);
  return {
    status: code,
    reason: status.reason,
    ...(held.length > 0 && held.length === causes.length ? { conflicts: held } : {}),
    ...(immutable ? { immutable } : {}),
  };
}

function isConflict({ reason }: Cause): boolean {
  return reason === "FieldManagerConflict";
}

/** Also where an object is immutable as a whole: "field is immutable when `immutable` is set". */
function isImmutable({ message }: Cause): boolean {
  return /: field is immutable(?: when `immutable` is set)?$/.test(message ?? "");
}

function asStatus(body: unknown): Status {
  return typeof body === "object" && body !== null ? body : {};
}

function codeOf(refusal: Refusal, status: Status): FailureCode {
  // A namespace that is being deleted refuses with 403, but waiting helps, permissions do not.
  if (isTerminating(status)) return "conflict";
  if (/does not support dry run/.test(status.message ?? "")) return "unsupported";
  if (refusal.status === 500) {
    if (status.reason === "Timeout" || status.reason === "ServerTimeout") return "timeout";
    return typeError(status) === null ? "unavailable" : "rejected";
  }
  if (refusal.status === 503) return refusal.retryAfter === undefined ? "unavailable" : "rate-limited";
  return codes[refusal.status] ?? (refusal.status > 500 ? "unavailable" : "rejected");
}

function isTerminating(status: Status): boolean {
  const causes = status.details?.causes ?? [];
  return (
    causes.some((cause) => cause.reason === "NamespaceTerminating") ||
    (status.message ?? "").endsWith("because it is being terminated")
  );
}

function explanation(code: number, status: Status, means: FailureCode): string {
  const causes = status.details?.causes ?? [];
  if (isTerminating(status)) return "its namespace is being deleted";
  const conflicts = causes.filter(isConflict);
  // Servers repeat causes.
  if (conflicts.length > 0) return [...new Set(conflicts.map(conflictText))].join("; ");
  if (means === "rejected") return rejectionText(code, status, causes);
  if (means === "forbidden") return forbiddenText(status);
  if (means === "conflict" && status.reason === "AlreadyExists") return "it exists already";
  if (means === "conflict") return "the object is not the one that was read (resource version or uid moved)";
  if (means === "not-found") return "not found";
  return `the API server answered ${code}${reasonText(status)}`;
}

/** `conflict with "kubectl" using apps/v1` becomes the manager's name; field paths may quote list keys, never values. */
function conflictText(cause: Cause): string {
  return `${fieldText(cause.field)} is owned by ${managerOf(cause)}`;
}

function managerOf({ message }: Cause): string {
  return /^conflict with "([^"]*)"/.exec(message ?? "")?.[1] ?? "another manager";
}

function rejectionText(code: number, status: Status, causes: readonly Cause[]): string {
  const typed = typeError(status);
  if (typed !== null) return typed;
  const named = causes.filter((cause) => cause.field !== undefined && cause.field !== "");
  if (named.length > 0) return [...new Set(named.map(causeText))].join("; ");
  return `the API server refused it (${code}${reasonText(status)})`;
}

interface PolicyText {
  readonly code: FailureCode;
  readonly text: string;
}

/** What an admission policy of the cluster says; null where it is none that speaks. Its words are written for people. */
function policyText({ message = "" }: Status, secret: boolean): PolicyText | null {
  const [, blind] = /admission webhook "([^"]+)" does not support dry run/.exec(message) ?? [];
  if (blind !== undefined)
    return { code: "unsupported", text: `the admission webhook ${blind} does not support dry runs` };
  const said = (words: string | undefined): string =>
    secret || words === undefined || words.trim() === "" ? "" : `: ${words.trim().slice(0, maximumWords)}`;
  const [, hook, denied] =
    /admission webhook "([^"]+)" denied the request(?:: ([^]*)| without explanation)/.exec(message) ?? [];
  if (hook !== undefined)
    return { code: "rejected", text: `refused by admission webhook ${hook}${said(denied)}` };
  const [, rule, ruled] =
    /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request(?:: ([^]*))?/.exec(message) ??
    [];
  if (rule !== undefined) return { code: "rejected", text: `refused by the policy ${rule}${said(ruled)}` };
  const [, quota] = /exceeded quota: ([a-z0-9.-]+)/.exec(message) ?? [];
  if (quota !== undefined) return { code: "forbidden", text: `it exceeds the ResourceQuota ${quota}` };
  return null;
}

/** Of the words of a policy. */
const maximumWords = 300;

const causeWords: Readonly<Record<string, string>> = {
  FieldValueRequired: "is required",
  FieldValueInvalid: "has an invalid value",
  FieldValueNotSupported: "has a value that is not supported",
  FieldValueDuplicate: "has a duplicate",
  FieldValueForbidden: "is forbidden",
  FieldValueNotFound: "names something that does not exist",
  FieldValueTooLong: "is too long",
  FieldValueTooMany: "has too many items",
  FieldValueTypeInvalid: "has the wrong type",
};

function causeText(cause: Cause): string {
  const words = isImmutable(cause) ? "is immutable" : (causeWords[cause.reason ?? ""] ?? "is not accepted");
  return `${fieldText(cause.field)} ${words}`;
}

/**
 * The field of a schema error of server-side apply, which is a 500 up to Kubernetes 1.20 and a 400 or 422 later:
 * `failed to create typed patch object: .data.pw: expected string, got &value…{Value:12345}`. Null for other errors.
 */
function typeError(status: Status): string | null {
  const message = status.message ?? "";
  const strict = [...message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)].map((found) => found[0]);
  if (strict.length > 0) return strict.join("; ");
  if (!/failed to (?:create typed|convert)|unable to convert/.test(message)) return null;
  const found =
    /: (\.[A-Za-z0-9_.[\]=",/-]+): (expected [a-z]+|field not declared in schema|duplicate entries|element)/.exec(
      message,
    );
  return found ? `${found[1]}: ${found[2]}` : "it does not fit the schema of its kind";
}

function forbiddenText(status: Status): string {
  const found =
    /User "([^"]+)" cannot ([a-z]+) resource "([^"]+)"(?: in API group "[^"]*")?(?: in the namespace "([^"]+)")?/.exec(
      status.message ?? "",
    );
  if (!found) return "forbidden";
  const [, user, verb, resource, namespace] = found;
  return `${user} may not ${verb} ${resource}${namespace === undefined ? "" : ` in ${namespace}`}`;
}

function fieldText(field: string | undefined): string {
  return field === undefined || field === "" ? "a field" : field;
}

function reasonText(status: Status): string {
  return status.reason !== undefined && /^[A-Za-z]{1,40}$/.test(status.reason) ? ` ${status.reason}` : "";
}
