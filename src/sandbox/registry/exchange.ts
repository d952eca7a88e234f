/** One request and its answer, as the sandbox registry's handlers see them. */

import type { IncomingHttpHeaders } from "node:http";

export interface RegistryRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Header names are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The error codes of the OCI distribution specification that this registry uses, with their status. */
const statusOf = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 416,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  PAGINATION_NUMBER_INVALID: 400,
  SIZE_INVALID: 413,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
} as const;

export type RegistryErrorCode = keyof typeof statusOf;

export function reply(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = "",
): Reply {
  return { status, headers, body: Buffer.from(body) };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return reply(status, { "content-type": "application/json", ...headers }, JSON.stringify(value));
}

/** An error as https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes wants it. */
export function refusal(
  code: RegistryErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(statusOf[code], { errors: [{ code, message }] }, headers);
}
