/** Talks to registries: finds out once how each is reached and what it asks for, then sends requests with a token. */

import { type Result, fail, ok } from "../model/failure.ts";
import type { ImageReference } from "../model/image.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import { apiHost, normaliseHost } from "./registry-host.ts";
import { refused, retryAfterSeconds } from "./status.ts";
import type { Tokens } from "./tokens.ts";
import type { Answer, Transport } from "./transport.ts";

/** How one registry is reached. */
interface Door {
  readonly base: URL;
  readonly listed: boolean;
  /** The newest that it sent; undefined where it lets everyone in. */
  challenge: Challenge | undefined;
}

/** A request within the repository of an image. */
export interface RepositoryRequest {
  readonly method: "GET" | "HEAD";
  /** Below `/v2/<repository>/`, or a whole URL of the same origin. */
  readonly path: string | URL;
  readonly accept: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

const greetingLimit = 64 * 1024;

export class Conversation {
  readonly #transport: Transport;
  readonly #tokens: Tokens;
  readonly #isListed: (host: string) => boolean;
  readonly #doors = new Map<string, Promise<Result<Door>>>();
  /** Hosts that said 429, and until when (by `performance.now()`) they are left alone. */
  readonly #resting = new Map<string, number>();

  constructor(transport: Transport, tokens: Tokens, isListed: (host: string) => boolean) {
    this.#transport = transport;
    this.#tokens = tokens;
    this.#isListed = isListed;
  }

  /** Any status but 429 is a value; after a 429 the host gets no request until its Retry-After has passed. */
  async send(image: ImageReference, request: RepositoryRequest): Promise<Result<Answer>> {
    const host = normaliseHost(image.registry);
    const resting = this.#restOf(host);
    if (resting !== undefined) return resting;
    const door = await this.#door(host, request.signal);
    if (!door.ok) return door;
    const first = await this.#attempt(host, door.value, image, request);
    if (!first.ok) return first;
    const { answer, fresh } = first.value;
    const challenge =
      answer.status === 401 ? parseChallenge(answer.headers.get("www-authenticate")) : undefined;
    if (challenge === undefined) return this.#noteLimit(host, answer);
    const changed = JSON.stringify(challenge) !== JSON.stringify(door.value.challenge);
    if (fresh && !changed) return ok(answer);
    door.value.challenge = challenge;
    this.#tokens.drop(host, scopeOf(image));
    const second = await this.#attempt(host, door.value, image, request);
    return second.ok ? this.#noteLimit(host, second.value.answer) : second;
  }

  async #attempt(
    host: string,
    door: Door,
    image: ImageReference,
    request: RepositoryRequest,
  ): Promise<Result<{ answer: Answer; fresh: boolean }>> {
    const { base, challenge, listed } = door;
    const { accept, limit, method, signal } = request;
    const scope = scopeOf(image);
    const authorization = await this.#tokens.authorization({ host, base, challenge, scope, listed, signal });
    if (!authorization.ok) {
      this.#rest(host, authorization.failure.retryAfterSeconds ?? 0);
      return authorization;
    }
    const { header, fresh } = authorization.value;
    const url = new URL(request.path, new URL(`/v2/${image.repository}/`, base));
    const headers = { accept, ...(header === undefined ? {} : { authorization: header }) };
    const answer = await this.#transport.send({ method, url, headers, listed, limit, signal });
    return answer.ok ? ok({ answer: answer.value, fresh }) : answer;
  }

  /** One greeting per registry, shared by all who ask at the same time; a failed one is forgotten. */
  #door(host: string, signal: AbortSignal): Promise<Result<Door>> {
    const known = this.#doors.get(host);
    if (known !== undefined) return known;
    const opening = this.#open(host, signal).then((door) => {
      if (!door.ok) this.#doors.delete(host);
      return door;
    });
    this.#doors.set(host, opening);
    return opening;
  }

  async #open(host: string, signal: AbortSignal): Promise<Result<Door>> {
    const listed = this.#isListed(host);
    const address = apiHost(host);
    if (listed && isLoopback(address)) return this.#greet(new URL(`http://${address}/v2/`), host, signal);
    const secure = await this.#greet(new URL(`https://${address}/v2/`), host, signal);
    const plain = listed && !secure.ok && secure.failure.code === "unavailable";
    return plain ? this.#greet(new URL(`http://${address}/v2/`), host, signal) : secure;
  }

  async #greet(url: URL, host: string, signal: AbortSignal): Promise<Result<Door>> {
    const listed = this.#isListed(host);
    const headers = { accept: "application/json" };
    const answer = await this.#transport.send({
      method: "GET",
      url,
      headers,
      listed,
      limit: greetingLimit,
      signal,
    });
    if (!answer.ok) return answer;
    const noted = this.#noteLimit(host, answer.value);
    if (!noted.ok) return noted;
    if (answer.value.status >= 500) return refused(answer.value, `registry ${host}`);
    const challenge =
      answer.value.status === 401 ? parseChallenge(answer.value.headers.get("www-authenticate")) : undefined;
    return ok({ base: url, listed, challenge });
  }

  #restOf(host: string): Result<never> | undefined {
    const left = Math.ceil(((this.#resting.get(host) ?? 0) - performance.now()) / 1000);
    if (left <= 0) return undefined;
    return fail("rate-limited", `${host} wants no requests for ${left} seconds`, { retryAfterSeconds: left });
  }

  #noteLimit(host: string, answer: Answer): Result<Answer> {
    if (answer.status !== 429) return ok(answer);
    this.#rest(host, retryAfterSeconds(answer.headers.get("retry-after"), new Date()));
    return refused(answer, `registry ${host}`);
  }

  #rest(host: string, seconds: number): void {
    if (seconds > 0) this.#resting.set(host, performance.now() + seconds * 1000);
  }
}

function scopeOf(image: ImageReference): string {
  return `repository:${image.repository}:pull`;
}

function isLoopback(address: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(address);
}
