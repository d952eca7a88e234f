/** Ways in which a registry can misbehave, to be injected by tests. */

import { createHash } from "node:crypto";
import { type RegistryRequest, type Reply, json, refusal, reply } from "./exchange.ts";

/** Turns what the registry would answer into what it answers; null is silence. */
export type Fault = (request: RegistryRequest, answer: Reply) => Reply | null;

/** Which requests a fault meets; everything that is absent matches. */
export interface FaultScope {
  readonly method?: string;
  /** Tried on path and query. */
  readonly path?: RegExp;
  /** How often it strikes before it is spent; default: for ever. */
  readonly times?: number;
}

/** Answers with a status and an OCI error body; `retryAfter` as the header has it, seconds or an HTTP date. */
export function refuseWith(status: number, retryAfter?: string): Fault {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return () => json(status, { errors: [{ code: "UNKNOWN", message: "injected" }] }, headers);
}

/** Never answers and keeps the connection open. */
export const staySilent: Fault = () => null;

/** Sends the first half of the body as though it were all. */
export const truncateBody: Fault = (_, answer) => {
  const { "content-length": _length, ...headers } = answer.headers;
  return { ...answer, headers, body: answer.body.subarray(0, answer.body.length >> 1) };
};

/** Refuses pages of more than `limit` tags, as Quay does. */
export function limitPages(limit: number): Fault {
  return (request, answer) =>
    Number(request.url.searchParams.get("n") ?? 0) > limit
      ? refusal("PAGINATION_NUMBER_INVALID", `n must be ${limit} at most`)
      : answer;
}

/** Rewrites the Link to the next page. */
export function rewriteLink(rewrite: (target: string) => string): Fault {
  return (_, answer) => {
    const target = /^<([^>]*)>/.exec(answer.headers["link"] ?? "")?.[1];
    if (target === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, link: `<${rewrite(target)}>; rel="next"` } };
  };
}

/** Adds, changes or (with undefined) drops headers of the answer. */
export function changeHeaders(changes: Readonly<Record<string, string | undefined>>): Fault {
  return (_, answer) => {
    const headers = Object.entries({ ...answer.headers, ...changes });
    return { ...answer, headers: Object.fromEntries(headers.filter(isPresent)) };
  };
}

function isPresent(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

/** Answers with exactly this, whatever was asked. */
export function answerWith(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Fault {
  return () => reply(status, headers, body);
}

/** Gives every answer an ETag, and 304 to who has it already. */
export const serveEtags: Fault = (request, answer) => {
  const etag = `"${createHash("sha256").update(answer.body).digest("hex").slice(0, 16)}"`;
  if (answer.status !== 200) return answer;
  if (request.headers["if-none-match"] === etag) return reply(304, { etag });
  return { ...answer, headers: { ...answer.headers, etag } };
};

/** Pages through these tags as they stand, oldest first say, as ghcr.io and Quay do: `last` is a place, not a name. */
export function listInOrder(tags: readonly string[]): Fault {
  return ({ url }, answer) => {
    const name = /^\/v2\/(.+)\/tags\/list$/.exec(url.pathname)?.[1];
    if (name === undefined || answer.status !== 200) return answer;
    const size = Number(url.searchParams.get("n") ?? tags.length);
    const start = tags.indexOf(url.searchParams.get("last") ?? "") + 1;
    const page = tags.slice(start, start + size);
    const next = `/v2/${name}/tags/list?n=${size}&last=${page.at(-1) ?? ""}`;
    const headers = start + size < tags.length ? { link: `<${next}>; rel="next"` } : undefined;
    return json(200, { name, tags: page }, headers);
  };
}

/** Gives the first page whatever page was asked for, without a Link: a proxy that knows no pages. */
export function forgetPages(tags: readonly string[]): Fault {
  return ({ url }) => json(200, { tags: tags.slice(0, Number(url.searchParams.get("n") ?? tags.length)) });
}

/** Gives all of these in one page whatever page was asked for, as distribution does before 3.0. */
export function ignorePages(tags: readonly string[]): Fault {
  return () => json(200, { tags });
}
