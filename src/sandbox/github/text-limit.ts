/** The length at which GitHub refuses texts. */

import { invalidRequest, validationFailed } from "./api-error.ts";

/** The text of an issue, pull request or comment: at most 65,536 characters, as threads about the refusal report. */
export function checkedBody<T extends string | null>(resource: string, body: T): T {
  if (body !== null && body.length > 65_536) {
    const message = "body is too long (maximum is 65536 characters)";
    throw validationFailed({ resource, code: "custom", field: "body", message });
  }
  return body;
}

/** A field whose longest value the description of the API names. */
export function checkedLength(field: string, value: string, maximum: number): string {
  if (value.length <= maximum) return value;
  throw invalidRequest(
    `Only ${maximum} characters are allowed in "${field}"; ${value.length} were supplied.`,
  );
}
