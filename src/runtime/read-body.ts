/** Reads the body of a request within limits, and signs it on the way. */

import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** `refused` is the reason, short and without anything of the request in it. */
export interface Refused {
  readonly status: number;
  readonly refused: string;
}

/** `digest` is the HMAC-SHA256 of the bytes under the secret. */
export interface SignedBody {
  readonly bytes: Buffer;
  readonly digest: Buffer;
}

export interface BodyLimits {
  readonly maximumBytes: number;
  /** Of all bodies that are being read: whoever sends without a secret can fill no more memory than this. */
  readonly maximumBytesTogether: number;
}

/** Reads bodies for one door; `gone` means that the client went away before it had sent everything. */
export function bodyReader(
  secret: string,
  { maximumBytes, maximumBytesTogether }: BodyLimits,
): (request: IncomingMessage, response: ServerResponse) => Promise<SignedBody | Refused | "gone"> {
  const tooLarge = { status: 413, refused: `the body is larger than ${maximumBytes / 1024 / 1024} MiB` };
  let together = 0;
  return async (request, response) => {
    if (Number(request.headers["content-length"] ?? 0) > maximumBytes) return tooLarge;
    if (request.headers.expect !== undefined) response.writeContinue();
    const hmac = createHmac("sha256", secret);
    let chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += chunk.byteLength;
        together += chunk.byteLength;
        if (size > maximumBytes) return tooLarge;
        if (together > maximumBytesTogether) return { status: 503, refused: "too many bodies at one time" };
        hmac.update(chunk);
        chunks.push(chunk);
      }
      return { bytes: Buffer.concat(chunks), digest: hmac.digest() };
    } catch {
      return "gone";
    } finally {
      chunks = [];
      together -= size;
    }
  };
}
