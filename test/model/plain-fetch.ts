/** A fetch over HTTP at half the cost of the usual one: an answer is read whole, and not as a stream. */

import { request } from "undici";

export async function plainFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const { method = "GET", headers, body, signal } = init;
  const answer = await request(url, {
    method,
    headers: new Headers(headers),
    body: typeof body === "string" ? body : null,
    signal: signal ?? null,
  });
  const bytes = await answer.body.bytes();
  const told = Object.entries(answer.headers).map(([name, text]): [string, string] => [name, String(text)]);
  const response = new Response(null, { status: answer.statusCode, headers: told });
  return Object.defineProperty(response, "body", { value: new WholeBody(bytes) });
}

/** What readers of a body ask of it. */
class WholeBody {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  async cancel(): Promise<void> {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#bytes.length > 0) yield this.#bytes;
  }
}
