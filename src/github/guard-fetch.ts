/** The one way out to GitHub: every call has a deadline, a size limit and a rule for redirects. */

import { Refusal } from "./translate.ts";

export interface GuardOptions {
  readonly fetch: typeof fetch;
  /** The only origin that a request with our token may go to. */
  readonly origin: string;
  /** For the whole exchange, redirects and body included. */
  readonly deadlineMs: number;
  readonly maximumBytes: number;
  /** Told before each request. */
  readonly onRequest: () => void;
}

const maximumHops = 3;

/**
 * A fetch that reads the whole answer before it returns, so that a dripping or endless body ends as an error here.
 * Redirects stay on the origin; a write follows only those that keep its method (307, 308), which is how GitHub answers
 * for a renamed repository. With `redirect: "manual"` the first answer is returned as it is.
 */
export function guardFetch(options: GuardOptions): typeof fetch {
  return async (input, init = {}) => {
    const signal = AbortSignal.timeout(options.deadlineMs);
    let url = new URL(input instanceof Request ? input.url : String(input));
    for (let hop = 0; hop <= maximumHops; hop++) {
      if (url.origin !== options.origin) throw new Refusal("forbidden", "a redirect led to another origin");
      options.onRequest();
      const response = await options.fetch(url, { ...init, redirect: "manual", signal });
      const next = init.redirect === "manual" ? null : redirectTarget(response, init.method ?? "GET", url);
      if (next === null) return buffered(response, options.maximumBytes);
      await response.body?.cancel();
      url = next;
    }
    throw new Refusal("unavailable", "too many redirects");
  };
}

function redirectTarget(response: Response, method: string, from: URL): URL | null {
  const location = response.headers.get("location");
  const follows = method === "GET" ? [301, 302, 307, 308] : [307, 308];
  if (location === null || !follows.includes(response.status)) return null;
  if (!URL.canParse(location, from.href))
    throw new Refusal("malformed", "a redirect led to something that is no URL");
  return new URL(location, from.href);
}

async function buffered(response: Response, maximumBytes: number): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maximumBytes)
      throw new Refusal("too-large", `the answer is larger than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const bodyless = status === 204 || status === 205 || status === 304;
  return new Response(bodyless ? null : Buffer.concat(chunks), { status, statusText, headers });
}
