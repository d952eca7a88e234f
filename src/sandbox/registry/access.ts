/** Token authentication of the sandbox registry: https://distribution.github.io/distribution/spec/auth/token/ */

import { randomUUID, timingSafeEqual } from "node:crypto";
import { type RegistryRequest, type Reply, json, refusal } from "./exchange.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface AccessOptions {
  /** The registry's own host with its port: the `service` of its challenges. */
  readonly host: string;
  /** `anonymous` lets everyone pull; `required` nobody without credentials. */
  readonly auth: "anonymous" | "required";
  /** Who may push. Absent: everyone. */
  readonly credentials?: Credentials;
  /** What stands for the credentials where a form asks for a token. */
  readonly identityToken?: string;
  readonly now: () => number;
}

/** What an operation on a repository needs. */
export type Action = "pull" | "push" | "delete";

const lifetimeSeconds = 300;

/** Hands out tokens and judges them. A token is opaque and names the actions it allows in each repository. */
export class Access {
  readonly #options: AccessOptions;
  readonly #tokens = new Map<string, { readonly expires: number; readonly grants: ReadonlySet<string> }>();

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /**
   * The token endpoint: a GET with `service` and any number of `scope`, and Basic credentials or none; or a POST of a form
   * with the same and an identity token: https://distribution.github.io/distribution/spec/auth/oauth/
   */
  issue(request: RegistryRequest): Reply {
    const { body, headers, method, url } = request;
    if (method !== "GET" && method !== "POST")
      return refusal("UNSUPPORTED", "ask for a token with GET or POST");
    const asked = method === "GET" ? url.searchParams : new URLSearchParams(body.toString("utf8"));
    const caller = method === "GET" ? this.#caller(headers.authorization) : this.#bearer(asked);
    if (caller === "refused") return refusal("UNAUTHORIZED", "incorrect username or password");
    if (asked.get("service") !== this.#options.host) {
      return refusal("DENIED", "this token service serves another registry");
    }
    const grants = new Set(
      asked.getAll("scope").flatMap((scope) => this.#granted(scope, caller === "known")),
    );
    const token = randomUUID();
    const now = this.#options.now();
    this.#tokens.set(token, { expires: now + lifetimeSeconds * 1000, grants });
    return json(200, {
      token,
      access_token: token,
      expires_in: lifetimeSeconds,
      issued_at: new Date(now).toISOString(),
    });
  }

  /** Whether the request carries a token that is still good, whatever it grants. */
  authorised(request: RegistryRequest): boolean {
    return this.#grants(request) !== undefined;
  }

  /** The challenge that answers a request without the right token; undefined when the request may go on. */
  challenge(
    request: RegistryRequest,
    repository?: string,
    actions: readonly Action[] = [],
  ): Reply | undefined {
    const grants = this.#grants(request);
    if (grants !== undefined && actions.every((action) => grants.has(`${repository}:${action}`)))
      return undefined;
    const parts = [`realm="http://${this.#options.host}/token"`, `service="${this.#options.host}"`];
    if (repository !== undefined) parts.push(`scope="repository:${repository}:${actions.join(",")}"`);
    if (grants !== undefined) parts.push('error="insufficient_scope"');
    return refusal("UNAUTHORIZED", "authentication required", {
      "www-authenticate": `Bearer ${parts.join(",")}`,
    });
  }

  #grants(request: RegistryRequest): ReadonlySet<string> | undefined {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const held = token === undefined ? undefined : this.#tokens.get(token);
    return held !== undefined && held.expires > this.#options.now() ? held.grants : undefined;
  }

  #caller(header: string | undefined): "anonymous" | "known" | "refused" {
    const { credentials } = this.#options;
    if (header === undefined) return "anonymous";
    const given = Buffer.from(/^Basic (\S+)$/i.exec(header)?.[1] ?? "", "base64");
    if (credentials === undefined) return "anonymous";
    const wanted = Buffer.from(`${credentials.username}:${credentials.password}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? "known" : "refused";
  }

  #bearer(form: URLSearchParams): "known" | "refused" {
    const { identityToken } = this.#options;
    const right = form.get("grant_type") === "refresh_token" && form.get("refresh_token") === identityToken;
    return identityToken !== undefined && right ? "known" : "refused";
  }

  #granted(scope: string, known: boolean): string[] {
    const [, repository, asked] = /^repository:([^:]+):([a-z,*]+)$/.exec(scope) ?? [];
    if (repository === undefined || asked === undefined) return [];
    const writer = known || this.#options.credentials === undefined;
    const reader = known || this.#options.auth === "anonymous";
    const actions = asked === "*" ? ["pull", "push", "delete"] : asked.split(",");
    return actions
      .filter((action) => (action === "pull" ? reader : reader && writer))
      .map((action) => `${repository}:${action}`);
  }
}
