/** Reads one webhook delivery: limits first, then the signature, and only then what it says. */

import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Refused, bodyReader } from "./read-body.ts";

/** A delivery that GitHub signed. Its content is only a hint that something changed. */
export interface Delivery {
  readonly id: string;
  /** The event, as `push`; the signature does not cover it. */
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const maximumBytes = 25 * 1024 * 1024;
const maximumBytesTogether = 64 * 1024 * 1024;

/** Reads deliveries for one door; `gone` means that the client went away before it had sent everything. */
export function deliveryReader(
  secret: string,
): (request: IncomingMessage, response: ServerResponse) => Promise<Delivery | Refused | "gone"> {
  const readBody = bodyReader(secret, { maximumBytes, maximumBytesTogether });
  return async (request, response) => {
    const head = readHead(request);
    if ("refused" in head) return head;
    const body = await readBody(request, response);
    if (body === "gone" || "refused" in body) return body;
    if (!timingSafeEqual(body.digest, head.signature)) return unsigned("the signature is wrong");
    const payload = parseObject(body.bytes);
    if (payload === null) return { status: 400, refused: "the body is not a JSON object" };
    return { id: head.id, name: head.name, payload };
  };
}

interface Head {
  readonly id: string;
  readonly name: string;
  readonly signature: Buffer;
}

/** Everything that can be refused before a byte of the body is read. */
function readHead({ headers }: IncomingMessage): Head | Refused {
  const name = single(headers["x-github-event"]);
  const id = single(headers["x-github-delivery"]);
  if (![name, id].every((text) => text !== "" && text.length <= 100)) {
    return { status: 400, refused: "not a webhook of GitHub: headers are missing" };
  }
  const signature = /^sha256=([0-9a-f]{64})$/.exec(single(headers["x-hub-signature-256"]))?.[1];
  if (signature === undefined) return unsigned("the signature is missing or malformed");
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    return { status: 415, refused: "set the webhook's content type to application/json" };
  }
  return { id, name, signature: Buffer.from(signature, "hex") };
}

function unsigned(refused: string): Refused {
  return { status: 401, refused };
}

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function single(header: string | readonly string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
