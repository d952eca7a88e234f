/** `WWW-Authenticate`: what a registry asks for, and whether its token service may be trusted. */

import { type Result, fail, ok } from "../model/failure.ts";
import { isSameDomain } from "./same-domain.ts";

/** What a registry wants to see before it answers. */
export type Challenge =
  | { readonly scheme: "basic" }
  | { readonly scheme: "bearer"; readonly realm: string; readonly service: string | undefined };

const longestHeader = 2000;

/** Reads the header; a Bearer challenge wins over a Basic one. Undefined where it holds neither. */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (header === null || header.length > longestHeader) return undefined;
  const bearer = /(?:^|,)\s*bearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map(
      [...bearer.matchAll(/([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)].map(
        ([, name = "", quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ""] as const,
      ),
    );
    const realm = parameters.get("realm");
    if (realm !== undefined) return { scheme: "bearer", realm, service: parameters.get("service") };
  }
  return /(?:^|,)\s*basic(?:\s|$)/i.test(header) ? { scheme: "basic" } : undefined;
}

/**
 * The address of a token service, checked: https (http only where its own host is listed), and credentials go only to
 * the registry itself, to a host of the same domain, or to a listed one. Its network address is checked on connecting.
 */
export function trustedRealm(
  registry: URL,
  realm: string,
  { sendsCredentials, isListed }: { sendsCredentials: boolean; isListed: (host: string) => boolean },
): Result<URL> {
  const url = URL.parse(realm);
  if (url === null || url.username !== "" || url.password !== "") {
    return fail("malformed", `${registry.host} names a token service that is no address`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isListed(url.host))) {
    return fail("rejected", `${registry.host} names a token service that is not https: ${url.host}`);
  }
  if (sendsCredentials && !isListed(url.host) && !isSameDomain(registry.hostname, url.hostname)) {
    return fail(
      "rejected",
      `${registry.host} names a token service of another domain: ${url.host} gets no credentials`,
    );
  }
  return ok(url);
}
