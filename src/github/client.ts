/** Octokit, made safe: one repository and one job's permissions, one lane per installation, guarded and conditional. */

import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/core";
import { throttling } from "@octokit/plugin-throttling";
import { type Remembered, conditionalFetch } from "./conditional.ts";
import { guardFetch } from "./guard-fetch.ts";
import { Lanes } from "./lanes.ts";
import { Recent } from "./recent.ts";
import { type TokenScope, Tokens, scopeText } from "./tokens.ts";
import { Refusal, failureOf } from "./translate.ts";

export interface ClientOptions {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** `https://api.github.com`, or where GitHub Enterprise or the sandbox serves its API. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** False switches the pacing of writes off (one per second; GitHub asks for it), for servers that need none. */
  readonly pacing?: boolean;
  readonly log?: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
}

/** Requests sent since the start; `notModified` of them were answered with 304 and from memory. */
export interface RequestCounts {
  total: number;
  notModified: number;
}

const deadlineMs = 30_000;
const downloadDeadlineMs = 120_000;
const maximumAnswerBytes = 32 * 1024 * 1024;
const memoryBytes = 32 * 1024 * 1024;
const Paced = Octokit.plugin(throttling);

/** Makes the octokits of one App. */
export class Clients {
  readonly requests: RequestCounts = { total: 0, notModified: 0 };
  /** Signs with the App's key; only for what an installation token cannot do. */
  readonly app: Octokit;
  readonly tokens: Tokens;
  readonly #options: ClientOptions;
  readonly #fetch: typeof fetch;
  readonly #memory = new Recent<Remembered>(memoryBytes);
  readonly #lanes = new Lanes();
  readonly #guarded: typeof fetch;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? globalThis.fetch;
    this.#guarded = guardFetch({
      fetch: this.#fetch,
      origin: new URL(options.baseUrl).origin,
      deadlineMs,
      maximumBytes: maximumAnswerBytes,
      onRequest: () => (this.requests.total += 1),
    });
    const { appId, privateKey } = options;
    this.app = new Octokit({
      ...this.#shared("app", this.#guarded),
      authStrategy: createAppAuth,
      auth: { appId, privateKey },
    });
    this.app.hook.after("request", refuseBrokenJson);
    this.tokens = new Tokens(this.app);
  }

  /** An octokit that acts for one scope. Every error that it throws is one that `failureOf` knows, or a bug. */
  open(scope: TokenScope): Octokit {
    const fetch = conditionalFetch({
      fetch: this.#guarded,
      memory: this.#memory,
      scope: scopeText(scope),
      onHit: () => (this.requests.notModified += 1),
    });
    const octokit = new Paced(this.#shared(`installation ${scope.installation}`, fetch));
    octokit.hook.before("request", async (options) => {
      this.#lanes.enter(scope.installation);
      options.headers.authorization = `token ${await this.tokens.get(scope)}`;
    });
    octokit.hook.after("request", refuseBrokenJson);
    octokit.hook.error("request", (error) => {
      const failure = failureOf(error);
      if (failure?.code === "unauthorized") this.tokens.forget(scope);
      if (failure?.code === "rate-limited") this.#lanes.close(scope.installation, failure);
      throw error;
    });
    return octokit;
  }

  /**
   * Fetches an archive that GitHub redirected to. It is streamed, so its size is for the reader to limit; another origin
   * is not shown our token, and does not need it: the address that GitHub gives carries its own.
   */
  async download(scope: TokenScope, url: URL): Promise<Response> {
    const api = new URL(this.#options.baseUrl);
    const own = url.origin === api.origin;
    if (url.protocol !== "https:" && url.protocol !== api.protocol) {
      throw new Refusal("forbidden", "the archive is not behind https");
    }
    const headers = own ? { authorization: `token ${await this.tokens.get(scope)}` } : {};
    const signal = AbortSignal.timeout(downloadDeadlineMs);
    this.requests.total += 1;
    const response = await this.#fetch(url, { headers, redirect: "error", signal }).catch((error: Error) => {
      const code = error.name === "TimeoutError" ? "timeout" : "unavailable";
      throw new Refusal(code, "the archive could not be had");
    });
    if (response.status === 200) return response;
    await response.body?.cancel();
    const code = response.status === 404 ? "not-found" : "unavailable";
    throw new Refusal(code, `the archive was answered with status ${response.status}`);
  }

  #shared(lane: string, fetch: typeof globalThis.fetch) {
    const { baseUrl, pacing = true, log } = this.#options;
    const tell = (message: string) => log?.warn({ lane }, message);
    return {
      baseUrl: baseUrl.replace(/\/+$/, ""),
      userAgent: "lockkeeper",
      request: { fetch },
      log: { debug: () => {}, info: () => {}, warn: tell, error: () => {} },
      throttle: { enabled: pacing, id: lane, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    };
  }
}

/** Octokit hands a JSON answer that it cannot parse on as text; a cut-off answer must not look like an empty one. */
function refuseBrokenJson(response: {
  data: unknown;
  status: number;
  headers: { "content-type"?: string };
}): void {
  if (typeof response.data !== "string" || response.status === 204 || response.status >= 300) return;
  const json = response.headers["content-type"]?.includes("json") ?? true;
  if (json) throw new Refusal("malformed", "the answer is not the JSON that it says it is");
}
