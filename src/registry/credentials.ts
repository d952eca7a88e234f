/** What opens a registry, and how it is asked for. */

import type { Result } from "../model/failure.ts";

/** A name and password, or a token that is exchanged for others (`docker login` keeps it as `identitytoken`). */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/**
 * The credentials for a repository of a host, or undefined where there are none. The host is normalised: lower case, with
 * its port, `docker.io` for Docker Hub. A failure says why nobody could tell.
 */
export type FindCredentials = (host: string, repository: string) => Promise<Result<Credentials | undefined>>;

/** The value of an Authorization header; undefined for a token, which is only ever exchanged. */
export function basicHeader(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined || "identityToken" in credentials) return undefined;
  const { password, username } = credentials;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
