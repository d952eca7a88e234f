/** Bearer tokens by repository, kept until they expire: https://distribution.github.io/distribution/spec/auth/token/ and oauth/ */

import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import { type Challenge, trustedRealm } from "./challenge.ts";
import { type Credentials, type FindCredentials, basicHeader } from "./credentials.ts";
import { parseJson } from "./json.ts";
import { refused } from "./status.ts";
import type { Answer, Transport } from "./transport.ts";

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
  readonly repository: string;
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

const maximumBytes = 256 * 1024;
/** A token is given up this much before its end, so that it does not expire on the way. */
const margin = 0.9;
const longestSeconds = 3600;

export class Tokens {
  readonly #transport: Transport;
  readonly #credentials: FindCredentials;
  readonly #isListed: (host: string) => boolean;
  readonly #held = new Map<string, Held>();

  constructor(transport: Transport, credentials: FindCredentials, isListed: (host: string) => boolean) {
    this.#transport = transport;
    this.#credentials = credentials;
    this.#isListed = isListed;
  }

  /** What to send for a repository; concurrent calls share one token request. */
  async authorization(request: TokenRequest): Promise<Result<Authorization>> {
    const { challenge, host, repository } = request;
    if (challenge === undefined) return ok({ header: undefined, fresh: false });
    if (challenge.scheme === "basic") {
      const found = await this.#credentials(host, repository);
      return found.ok ? ok({ header: basicHeader(found.value), fresh: true }) : found;
    }
    const key = keyOf(host, repository);
    const known = this.#held.get(key);
    const fresh = known === undefined || known.expires <= performance.now();
    const token = await (fresh ? this.#ask(key, request) : known.token);
    return token.ok ? ok({ header: `Bearer ${token.value}`, fresh }) : token;
  }

  /** Forgets a token that the registry no longer takes. */
  drop(host: string, repository: string): void {
    this.#held.delete(keyOf(host, repository));
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
    const { base, challenge, host, repository } = request;
    if (challenge?.scheme !== "bearer") return fail("malformed", `${host} wants no token`);
    const found = await this.#credentials(host, repository);
    if (!found.ok) return found;
    const trust = { sendsCredentials: found.value !== undefined, isListed: this.#isListed };
    const realm = trustedRealm(base, challenge.realm, trust);
    if (!realm.ok) return realm;
    const wanted = { service: challenge.service, scope: `repository:${repository}:pull` };
    const answer = await this.#exchange(realm.value, wanted, found.value, request.signal);
    if (!answer.ok) return answer;
    const from = realm.value.host;
    if (answer.value.status !== 200) return refused(answer.value, `a token of ${from} for ${host}`);
    const parsed = answerSchema.safeParse(parseJson(answer.value.body));
    if (!parsed.success) return fail("malformed", `${from} answers with something that is no token`);
    return ok({ token: parsed.data.token, seconds: Math.min(parsed.data.seconds, longestSeconds) });
  }

  /** A GET with a name and password, or a POST with the token of a user, as the specification of each has it. */
  #exchange(
    realm: URL,
    wanted: { readonly service: string | undefined; readonly scope: string },
    credentials: Credentials | undefined,
    signal: AbortSignal,
  ): Promise<Result<Answer>> {
    const fields = new URLSearchParams({ scope: wanted.scope });
    if (wanted.service !== undefined) fields.set("service", wanted.service);
    const accept = "application/json";
    if (credentials !== undefined && "identityToken" in credentials) {
      fields.set("grant_type", "refresh_token");
      fields.set("client_id", "lockkeeper");
      fields.set("refresh_token", credentials.identityToken);
      const headers = { accept, "content-type": "application/x-www-form-urlencoded" };
      const form = { method: "POST", headers, body: fields.toString() } as const;
      return this.#transport.send({ ...form, url: realm, limit: maximumBytes, signal });
    }
    const url = new URL(realm);
    for (const [name, value] of fields) url.searchParams.set(name, value);
    const basic = basicHeader(credentials);
    const headers = { accept, ...(basic === undefined ? {} : { authorization: basic }) };
    return this.#transport.send({ method: "GET", url, headers, limit: maximumBytes, signal });
  }
}

function keyOf(host: string, repository: string): string {
  return `${host} ${repository}`;
}
