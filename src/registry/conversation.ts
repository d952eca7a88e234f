/** Talks to registries: finds out once how each is reached and what it asks for, then sends requests with a token. */

import { type Failure, type Result, ok } from "../model/failure.ts";
import { type ImageReference, normaliseHost } from "../model/image.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import type { HostRests } from "./host-rests.ts";
import { apiHost } from "./registry-host.ts";
import { refused } from "./status.ts";
import type { Tokens } from "./tokens.ts";
import type { Answer, Transport } from "./transport.ts";

/** How one registry is reached. */
interface Door {
  readonly base: URL;
  /** The newest that it sent; undefined where it lets everyone in. */
  challenge: Challenge | undefined;
}

/** A request within the repository of an image. */
export interface RepositoryRequest {
  readonly method: "GET" | "HEAD";
  /** Below `/v2/<repository>/`, or a whole URL; one of another origin is asked without credentials. */
  readonly path: string | URL;
  readonly accept: string;
  /** Of what we have already; the answer may be 304 then. */
  readonly etag?: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

const greetingLimit = 64 * 1024;

export class Conversation {
  readonly #transport: Transport;
  readonly #tokens: Tokens;
  readonly #rests: HostRests;
  readonly #isListed: (host: string) => boolean;
  readonly #doors = new Map<string, Promise<Result<Door>>>();

  constructor(
    transport: Transport,
    tokens: Tokens,
    { isListed, rests }: { isListed: (host: string) => boolean; rests: HostRests },
  ) {
    this.#transport = transport;
    this.#tokens = tokens;
    this.#rests = rests;
    this.#isListed = isListed;
  }

  /** Any status but 429 is a value. A host that said 429, or that fails again and again, gets no request for a while. */
  async send(image: ImageReference, request: RepositoryRequest): Promise<Result<Answer>> {
    const host = normaliseHost(image.registry);
    const resting = this.#rests.refusal(host);
    if (resting !== undefined) return resting;
    const answer = await this.#converse(host, image, request);
    const failure = answer.ok && answer.value.status < 500 ? undefined : failureIn(answer, host);
    if (failure === undefined) this.#rests.answered(host);
    else this.#rests.failed(host, failure);
    return answer;
  }

  async #converse(host: string, image: ImageReference, request: RepositoryRequest): Promise<Result<Answer>> {
    const door = await this.#door(host, request.signal);
    if (!door.ok) return door;
    const first = await this.#attempt(host, door.value, image, request);
    if (!first.ok) return first;
    const { answer, fresh } = first.value;
    const challenge = challengeIn(answer, door.value.base);
    if (challenge === undefined) return unlessLimited(answer, host);
    const changed = JSON.stringify(challenge) !== JSON.stringify(door.value.challenge);
    if (fresh && !changed) return ok(answer);
    door.value.challenge = challenge;
    this.#tokens.drop(host, image.repository);
    const second = await this.#attempt(host, door.value, image, request);
    return second.ok ? unlessLimited(second.value.answer, host) : second;
  }

  async #attempt(
    host: string,
    door: Door,
    image: ImageReference,
    request: RepositoryRequest,
  ): Promise<Result<{ answer: Answer; fresh: boolean }>> {
    const { base, challenge } = door;
    const { accept, etag, limit, method, signal } = request;
    const { repository } = image;
    const authorization = await this.#tokens.authorization({ host, base, challenge, repository, signal });
    if (!authorization.ok) return authorization;
    const { header, fresh } = authorization.value;
    const url = new URL(request.path, new URL(`/v2/${repository}/`, base));
    // A listing that was redirected goes on where it was redirected to.
    const shown = url.origin === base.origin ? header : undefined;
    const headers = {
      accept,
      ...(shown === undefined ? {} : { authorization: shown }),
      ...(etag === undefined ? {} : { "if-none-match": etag }),
    };
    const answer = await this.#transport.send({ method, url, headers, limit, signal });
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
    const headers = { accept: "application/json" };
    const answer = await this.#transport.send({ method: "GET", url, headers, limit: greetingLimit, signal });
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === 429 || status >= 500) return refused(answer.value, `registry ${host}`);
    return ok({ base: url, challenge: challengeIn(answer.value, url) });
  }
}

/** Only the registry itself says what it wants to see, nobody whom it redirects to. */
function challengeIn({ headers, status, url }: Answer, base: URL): Challenge | undefined {
  const own = status === 401 && url.origin === base.origin;
  return own ? parseChallenge(headers.get("www-authenticate")) : undefined;
}

function unlessLimited(answer: Answer, host: string): Result<Answer> {
  return answer.status === 429 ? refused(answer, `registry ${host}`) : ok(answer);
}

/** What counts against a host. */
function failureIn(answer: Result<Answer>, host: string): Failure | undefined {
  const result = answer.ok ? refused(answer.value, `registry ${host}`) : answer;
  return result.ok ? undefined : result.failure;
}

function isLoopback(address: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(address);
}
