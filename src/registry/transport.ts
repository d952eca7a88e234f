/** One HTTP request to a registry or its token service, with its limits: time, bytes, redirects, addresses. */

import { Agent, request as undiciRequest } from "undici";
import { type Result, fail, ok } from "../model/failure.ts";
import { decodeBody } from "./decode-body.ts";
import { PrivateAddressError, hasPrivateLiteral, publicLookup } from "./private-address.ts";

/** Sends one request, as undici does: follows no redirect, and gives the body as it comes. */
export type SendRequest = (
  url: URL,
  options: Pick<Ask, "method" | "headers" | "body" | "signal"> & { readonly dispatcher: Agent },
) => Promise<{
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}>;

export interface Ask {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A form; it may hold a credential, so that a redirect is not followed. */
  readonly body?: string;
  /** Most bytes of the answer, counted after decompression. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Null where there is none; several of one name are joined by commas. */
  readonly headers: { get(name: string): string | null };
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

const maximumRedirects = 5;
const connectionsPerHost = 8;
const howToAllow = "LOCKKEEPER_INSECURE_REGISTRIES may list the registry's host to allow it";

/** Sends requests and counts them. */
export class Transport {
  /** Requests sent so far, redirects included. */
  requests = 0;
  readonly #request: SendRequest;
  /** Whether the operator lists a host: it may be plain http, and at a private address. */
  readonly #isListed: (host: string) => boolean;
  readonly #open = new Agent({ connections: connectionsPerHost });
  readonly #guarded = new Agent({ connections: connectionsPerHost, connect: { lookup: publicLookup } });

  constructor(request: SendRequest | undefined, isListed: (host: string) => boolean) {
    this.#request = request ?? undiciRequest;
    this.#isListed = isListed;
  }

  /** Follows redirects; `rejected` where one leads to a place it may not lead to. Any status is a value. */
  async send(ask: Ask): Promise<Result<Answer>> {
    let { url, headers } = ask;
    for (let hop = 0; hop <= maximumRedirects; hop += 1) {
      const problem = this.#problemOf(url, ask);
      if (problem !== undefined) return fail("rejected", problem);
      const answer = await this.#once({ ...ask, url, headers });
      if (!answer.ok) return answer;
      const next = redirectTarget(answer.value);
      if (next === undefined) return answer;
      if (ask.body !== undefined) return fail("rejected", `${url.host} redirects what is meant for it alone`);
      if (next === "malformed")
        return fail("malformed", `${url.host} redirects to something that is no address`);
      if (url.protocol === "https:" && next.protocol !== "https:") {
        return fail("rejected", `${url.host} redirects from https to ${next.protocol.replace(":", "")}`);
      }
      if (next.origin !== url.origin) headers = withoutCredentials(headers);
      url = next;
    }
    return fail("rejected", `${ask.url.host} redirects more than ${maximumRedirects} times`);
  }

  #problemOf(url: URL, ask: Ask): string | undefined {
    if (url.username !== "" || url.password !== "")
      return `${ask.url.host} leads to an address with credentials in it`;
    if (url.protocol !== "https:" && !(url.protocol === "http:" && this.#isListed(url.host))) {
      return `${url.host} would be asked over ${url.protocol.replace(":", "")}: only https is allowed; ${howToAllow}`;
    }
    if (!this.#isListed(url.host) && hasPrivateLiteral(url))
      return `${url.host} is a private address: ${howToAllow}`;
    return undefined;
  }

  async #once({ method, url, headers, body, limit, signal }: Ask): Promise<Result<Answer>> {
    this.requests += 1;
    try {
      const dispatcher = this.#isListed(url.host) ? this.#open : this.#guarded;
      const wanted = { ...headers, "accept-encoding": "gzip", "user-agent": "lockkeeper" };
      const response = await this.#request(url, { method, headers: wanted, body, signal, dispatcher });
      const sent = { get: (name: string) => headerOf(response.headers[name]) };
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of response.body) {
        length += chunk.length;
        if (length > limit) return tooLarge(url, limit);
        chunks.push(chunk);
      }
      const whole = await decodeBody(Buffer.concat(chunks), sent.get("content-encoding"), limit);
      if (whole === "too-large") return tooLarge(url, limit);
      if (whole === "malformed")
        return fail("malformed", `${url.host} answers in a way that cannot be decoded`);
      return ok({ status: response.statusCode, headers: sent, body: whole, url });
    } catch (cause) {
      return translate(url, cause);
    }
  }
}

function headerOf(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(", ") : (value ?? null);
}

function tooLarge(url: URL, limit: number): Result<never> {
  return fail("too-large", `${url.host} answers with more than ${limit} bytes`, { cause: { limit } });
}

/** What went wrong before an answer was complete. The cause holds no headers, so no credentials. */
function translate(url: URL, cause: unknown): Result<never> {
  const { name } = cause instanceof Error ? cause : new Error();
  if (name === "TimeoutError" || name === "AbortError") {
    return fail("timeout", `${url.host} did not answer in time`, { cause });
  }
  if (cause instanceof PrivateAddressError) return fail("rejected", `${cause.message}: ${howToAllow}`);
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return fail("unavailable", `${url.host} cannot be reached${code}`, { cause });
}

function redirectTarget(answer: Answer): URL | "malformed" | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  return URL.parse(answer.headers.get("location") ?? "http://", answer.url.href) ?? "malformed";
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { authorization: _authorization, ...rest } = headers;
  return rest;
}
