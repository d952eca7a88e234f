/** Asks GitHub only whether something changed: a 304 is answered from memory and costs no rate limit. */

import type { Recent } from "./recent.ts";

/** An answer as it came, to be given again. */
export interface Remembered {
  readonly etag: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

export interface ConditionalOptions {
  readonly fetch: typeof fetch;
  readonly memory: Recent<Remembered>;
  /** Whose eyes saw the answer: a token with other permissions may be shown something else at the same URL. */
  readonly scope: string;
  readonly onHit: () => void;
}

/** Wraps a fetch whose answers are complete in memory. Only GET is conditional. */
export function conditionalFetch(options: ConditionalOptions): typeof fetch {
  return async (input, init = {}) => {
    if ((init.method ?? "GET") !== "GET") return options.fetch(input, init);
    const headers = new Headers(init.headers);
    const url = input instanceof Request ? input.url : String(input);
    const key = `${options.scope} ${url} ${headers.get("accept") ?? ""}`;
    const known = options.memory.get(key);
    if (known !== undefined) headers.set("if-none-match", known.etag);
    const response = await options.fetch(input, { ...init, headers });
    if (known !== undefined && response.status === 304) {
      options.onHit();
      return new Response(known.body, { status: 200, headers: known.headers });
    }
    const etag = response.headers.get("etag");
    if (response.status !== 200 || etag === null) return response;
    const body = await response.arrayBuffer();
    options.memory.set(key, { etag, headers: response.headers, body }, body.byteLength + key.length + 1024);
    return new Response(body, { status: 200, headers: response.headers });
  };
}
