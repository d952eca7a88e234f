/** One HTTP exchange with a client: reads the body within its limit, writes the answer with GitHub's headers. */

import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "./api-error.ts";
import type { Answer } from "./answer.ts";

/** Above this GitHub answers 413; blobs of up to 100 MB are base64 in it. */
const maximumBody = 140 * 1024 * 1024;

/** The JSON object that was sent. GitHub reads JSON whatever the content type says. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (request.method === "GET" || request.method === "HEAD") return {};
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBody) throw new ApiError(413, "Payload too large");
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    if (Array.isArray(value)) return { _array: value };
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
  throw new ApiError(400, "Body should be a JSON object");
}

export interface RateLimit {
  readonly limit: number;
  used: number;
  readonly resetAt: number;
}

/**
 * The answer as it goes out: serialised, with an ETag of content and credential, and turned into a 304 where the client
 * has it already. A 304 does not count against the rate limit.
 */
export function finish(
  answer: Answer,
  asked: { method: string; credential: string; ifNoneMatch: string | undefined },
  rate: RateLimit,
): { status: number; headers: Record<string, string>; body: Buffer } {
  const { body = "" } = answer;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const bytes = Buffer.from(raw ? Buffer.from(body as string) : JSON.stringify(body));
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": randomUUID().replaceAll("-", "").slice(0, 20).toUpperCase(),
    "access-control-allow-origin": "*",
    vary: "Accept, Authorization, Cookie, X-GitHub-OTP",
    ...answer.headers,
  };
  let status = answer.status;
  if (asked.method === "GET" && status === 200) {
    const etag = `W/"${createHash("sha256").update(asked.credential).update(bytes).digest("hex")}"`;
    headers["etag"] = etag;
    headers["cache-control"] = "private, max-age=60, s-maxage=60";
    if (asked.ifNoneMatch?.split(/,\s*/).includes(etag)) status = 304;
  }
  if (status !== 304) rate.used += 1;
  const empty = status === 304 || status === 204;
  if (empty) delete headers["content-type"];
  return { status, headers: { ...headers, ...rateHeaders(rate) }, body: empty ? Buffer.alloc(0) : bytes };
}

function rateHeaders({ limit, used, resetAt }: RateLimit): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.max(0, limit - used)),
    "x-ratelimit-reset": String(resetAt),
    "x-ratelimit-used": String(used),
    "x-ratelimit-resource": "core",
  };
}

/** Sends it, or does to it what a fault wants. */
export function write(
  response: ServerResponse,
  sent: ReturnType<typeof finish>,
  transport: Answer["transport"],
): void {
  if (transport === "silent") return;
  response.writeHead(sent.status, {
    ...sent.headers,
    ...(sent.status !== 204 && sent.status !== 304 && { "content-length": String(sent.body.length) }),
  });
  if (transport === "truncated") {
    response.write(sent.body.subarray(0, Math.floor(sent.body.length / 2)), () => response.destroy());
    return;
  }
  response.end(sent.body);
}
