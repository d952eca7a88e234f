/** How the API says no: `Status` objects with the reasons, causes and words of a real API server. */

import { type ServedKind, kindName, resourceName } from "./served-kinds.ts";

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export class Refusal {
  readonly code: number;
  readonly body: unknown;

  constructor(code: number, reason: string | undefined, message: string, details?: object) {
    this.code = code;
    this.body = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

const about = (kind: ServedKind, name: string) => ({
  name,
  ...(kind.group === "" ? {} : { group: kind.group }),
  kind: kind.plural,
});

export function notFound(kind: ServedKind, name: string): Refusal {
  return new Refusal(404, "NotFound", `${resourceName(kind)} "${name}" not found`, about(kind, name));
}

export function alreadyExists(kind: ServedKind, name: string): Refusal {
  const message = `${resourceName(kind)} "${name}" already exists`;
  return new Refusal(409, "AlreadyExists", message, about(kind, name));
}

export function moved(kind: ServedKind, name: string, why: string): Refusal {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`;
  return new Refusal(409, "Conflict", message, about(kind, name));
}

export function applyConflict(causes: readonly Cause[]): Refusal {
  const lines = causes.map((cause) => `${cause.message}: ${cause.field}`);
  const message = `Apply failed with ${causes.length} conflict${causes.length === 1 ? "" : "s"}: ${lines.join("\n")}`;
  return new Refusal(409, "Conflict", message, { causes });
}

export function invalid(kind: ServedKind, name: string, causes: readonly Cause[]): Refusal {
  const list = causes.map((cause) => `${cause.field}: ${cause.message}`).join(", ");
  const message = `${kindName(kind)} "${name}" is invalid: ${causes.length === 1 ? list : `[${list}]`}`;
  return new Refusal(422, "Invalid", message, { ...about(kind, name), kind: kind.kind, causes });
}

/** A value of the wrong type: server-side apply answers this one without a reason, as real servers do. */
export function typeMismatch(field: string, expected: string): Refusal {
  return new Refusal(500, undefined, `failed to create typed patch object: ${field}: expected ${expected}`);
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, "BadRequest", message);
}

export function expired(message: string): Refusal {
  return new Refusal(410, "Expired", message);
}

export function methodNotAllowed(): Refusal {
  const message = "the server does not allow this method on the requested resource";
  return new Refusal(405, "MethodNotAllowed", message, {});
}

export function unsupportedMediaType(type: string): Refusal {
  const message = `the body of the request was in an unknown format: ${type}`;
  return new Refusal(415, "UnsupportedMediaType", message);
}
