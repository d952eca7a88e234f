/** Messages of registries that something was pushed: who sends them is checked, what they say is not read. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Refused, type SignedBody, bodyReader } from "./read-body.ts";

export interface RegistryPushes {
  readonly secret: string;
  /** Called for every message that may be believed. It only puts a key on the queue: registries are asked, not believed. */
  readonly pushed: () => void;
}

/** What a sender can do to show the secret: a token in a header or in the address, or a signature of the body. */
type Proof = "token" | "signature";

/**
 * Docker Hub and Quay send no header of the user's; Harbor's auth header and ACR's custom headers may be an Authorization;
 * a push subscription of Pub/Sub, for GAR and GCR, only has its address.
 */
const kinds: Readonly<Record<string, Proof>> = {
  dockerhub: "token",
  quay: "token",
  harbor: "token",
  acr: "token",
  gar: "token",
  generic: "signature",
};

const limits = { maximumBytes: 1024 * 1024, maximumBytesTogether: 16 * 1024 * 1024 };
const signatureHeader = "x-lockkeeper-signature-256";

/** Undefined for every path but `/registry/<kind>` and `/registry/<kind>/<token>` of a known kind. */
export function readRegistryPush({
  secret,
  pushed,
}: RegistryPushes): (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<"accepted" | "gone" | Refused | undefined> {
  const readBody = bodyReader(secret, limits);
  return async (request, response) => {
    const url = URL.parse(request.url ?? "", "http://door");
    const [, kind = "", token] = /^\/registry\/([a-z]+)(?:\/([^/]+))?$/.exec(url?.pathname ?? "") ?? [];
    if (url === null || !Object.hasOwn(kinds, kind)) return undefined;
    const refused: Refused = {
      status: 401,
      refused: `a message to /registry/${kind} without the right secret`,
    };
    if (kinds[kind] === "token" && !showsToken(request, url, token, secret)) return refused;
    const body = await readBody(request, response);
    if (body === "gone" || "refused" in body) return body;
    if (kinds[kind] === "signature" && !isSigned(request, body)) return refused;
    pushed();
    return "accepted";
  };
}

function showsToken(request: IncomingMessage, url: URL, token: string | undefined, secret: string): boolean {
  const header = request.headers.authorization?.replace(/^Bearer /i, "");
  const shown = [token, url.searchParams.get("token"), header];
  return shown.some((text) => typeof text === "string" && isSame(text, secret));
}

function isSigned(request: IncomingMessage, { digest }: SignedBody): boolean {
  const header = request.headers[signatureHeader];
  const signature = /^sha256=([0-9a-f]{64})$/.exec(typeof header === "string" ? header : "")?.[1];
  return signature !== undefined && timingSafeEqual(digest, Buffer.from(signature, "hex"));
}

/** Takes the same time wherever two texts begin to differ, and however long they are. */
function isSame(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
