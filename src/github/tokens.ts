/** Installation tokens: each for one repository and one job, kept in memory until shortly before they expire. */

import type { Octokit } from "@octokit/core";
import type { Permissions } from "./job-permissions.ts";

/** Whom a token is for; without a repository it sees all of the installation's. */
export interface TokenScope {
  readonly installation: number;
  readonly repository: number | null;
  readonly permissions: Permissions;
}

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

const marginMs = 5 * 60_000;
/** Above this many, tokens that are no longer good are swept out. */
const sweepAbove = 1000;

/** The text that is equal for equal scopes. */
export function scopeText(scope: TokenScope): string {
  const permissions = Object.entries(scope.permissions).map(([name, level]) => `${name}:${level}`);
  return [scope.installation, scope.repository ?? "all", ...permissions.sort()].join(" ");
}

export class Tokens {
  readonly #app: Octokit;
  readonly #known = new Map<string, Promise<Token>>();

  /** `app` signs with the App's key. */
  constructor(app: Octokit) {
    this.#app = app;
  }

  /** A token that is good for at least five more minutes; throws as octokit does. */
  async get(scope: TokenScope): Promise<string> {
    const text = scopeText(scope);
    const known = await this.#known.get(text)?.catch(() => null);
    if (known && known.expires - marginMs > Date.now()) return known.value;
    if (this.#known.size > sweepAbove) await this.#sweep();
    const minted = this.#mint(scope);
    this.#known.set(text, minted);
    minted.catch(() => this.forget(scope));
    return (await minted).value;
  }

  /** After GitHub refused a token: the next call gets another one. */
  forget(scope: TokenScope): void {
    this.#known.delete(scopeText(scope));
  }

  async #mint(scope: TokenScope): Promise<Token> {
    const { data } = await this.#app.request("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: scope.installation,
      permissions: scope.permissions,
      ...(scope.repository === null ? {} : { repository_ids: [scope.repository] }),
    });
    return { value: data.token, expires: Date.parse(data.expires_at) };
  }

  async #sweep(): Promise<void> {
    for (const [text, promise] of this.#known) {
      const token = await promise.catch(() => null);
      if (token === null || token.expires - marginMs <= Date.now()) this.#known.delete(text);
    }
  }
}
