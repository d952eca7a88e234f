/** Bearer tokens by registry and scope, kept until they expire: https://distribution.github.io/distribution/spec/auth/token/ */

import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import { type Challenge, trustedRealm } from "./challenge.ts";
import { refused } from "./status.ts";
import type { Transport } from "./transport.ts";

/** A name and password for one registry. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The value of an Authorization header, and whether it was got only now. */
export interface Authorization {
  readonly header: string | undefined;
  readonly fresh: boolean;
}

export interface TokenRequest {
  /** Normalised host, the key of credentials and of the cache. */
  readonly host: string;
  /** Where the registry's API is. */
  readonly base: URL;
  readonly challenge: Challenge | undefined;
  readonly scope: string;
  readonly listed: boolean;
  readonly signal: AbortSignal;
}

interface Held {
  readonly token: Promise<Result<string>>;
  /** By `performance.now()`; infinite while it is being asked for. */
  expires: number;
}

const answerSchema = z
  .object({
    token: z.string().optional(),
    access_token: z.string().optional(),
    expires_in: z.number().positive().default(60),
  })
  .transform((answer) => ({ token: answer.token ?? answer.access_token ?? "", seconds: answer.expires_in }))
  .refine(({ token }) => /^[\x21-\x7e]+$/.test(token));

const maximumBytes = 1024 * 1024;
/** A token is given up this much before its end, so that it does not expire on the way. */
const margin = 0.9;
const longestSeconds = 3600;

export class Tokens {
  readonly #transport: Transport;
  readonly #credentials: (host: string) => Credentials | undefined;
  readonly #isListed: (host: string) => boolean;
  readonly #held = new Map<string, Held>();

  constructor(
    transport: Transport,
    credentials: (host: string) => Credentials | undefined,
    isListed: (host: string) => boolean,
  ) {
    this.#transport = transport;
    this.#credentials = credentials;
    this.#isListed = isListed;
  }

  /** What to send for a scope; concurrent calls share one token request. */
  async authorization(request: TokenRequest): Promise<Result<Authorization>> {
    if (request.challenge === undefined) return ok({ header: undefined, fresh: false });
    if (request.challenge.scheme === "basic") return ok({ header: this.#basic(request.host), fresh: true });
    const key = `${request.host} ${request.scope}`;
    const known = this.#held.get(key);
    const fresh = known === undefined || known.expires <= performance.now();
    const token = await (fresh ? this.#ask(key, request) : known.token);
    return token.ok ? ok({ header: `Bearer ${token.value}`, fresh }) : token;
  }

  /** Forgets a token that the registry no longer takes. */
  drop(host: string, scope: string): void {
    this.#held.delete(`${host} ${scope}`);
  }

  #basic(host: string): string | undefined {
    const found = this.#credentials(host);
    if (found === undefined) return undefined;
    return `Basic ${Buffer.from(`${found.username}:${found.password}`).toString("base64")}`;
  }

  #ask(key: string, request: TokenRequest): Promise<Result<string>> {
    const held: Held = {
      expires: Number.POSITIVE_INFINITY,
      token: this.#fetchToken(request).then((answer) => {
        if (answer.ok) held.expires = performance.now() + answer.value.seconds * 1000 * margin;
        else this.#held.delete(key);
        return answer.ok ? ok(answer.value.token) : answer;
      }),
    };
    this.#held.set(key, held);
    return held.token;
  }

  async #fetchToken(request: TokenRequest): Promise<Result<{ token: string; seconds: number }>> {
    const { base, challenge, host, listed, scope, signal } = request;
    if (challenge?.scheme !== "bearer") return fail("malformed", `${host} wants no token`);
    const basic = this.#basic(host);
    const trust = { sendsCredentials: basic !== undefined, isListed: this.#isListed };
    const realm = trustedRealm(base, challenge.realm, trust);
    if (!realm.ok) return realm;
    const url = realm.value;
    if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
    url.searchParams.set("scope", scope);
    const headers = {
      accept: "application/json",
      ...(basic === undefined ? {} : { authorization: basic }),
    };
    const answer = await this.#transport.send({
      method: "GET",
      url,
      headers,
      listed,
      limit: maximumBytes,
      signal,
    });
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return refused(answer.value, `a token of ${url.host} for ${host}`);
    const parsed = parseToken(answer.value.body);
    if (parsed === undefined) return fail("malformed", `${url.host} answers with something that is no token`);
    return ok({ token: parsed.token, seconds: Math.min(parsed.seconds, longestSeconds) });
  }
}

function parseToken(body: Buffer): z.output<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
