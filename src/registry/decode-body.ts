/** Undoes the content encoding of an answer: gzip, which is the only one that is asked for. */

import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const unzip = promisify(gunzip);

/** `too-large` as soon as more than `limit` bytes come of it; `malformed` where it is cut off, or of another encoding. */
export async function decodeBody(
  body: Buffer,
  encoding: string | null,
  limit: number,
): Promise<Buffer | "too-large" | "malformed"> {
  if (encoding === null || encoding === "identity" || body.length === 0) return body;
  if (!/^(?:x-)?gzip$/i.test(encoding)) return "malformed";
  try {
    return await unzip(body, { maxOutputLength: limit });
  } catch (cause) {
    const large = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    return large ? "too-large" : "malformed";
  }
}
