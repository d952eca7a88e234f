/** What `LOCKKEEPER_REGISTRY_SECRET` has to be. */

import { type Result, fail, ok } from "../model/failure.ts";

/**
 * Most registries can show it only in an address, where proxies may write it down: it has to be of characters that mean
 * nothing there, and must not open the door for GitHub's webhooks.
 */
export function readRegistrySecret(
  text: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Result<string | null> {
  if (text === undefined) return ok(null);
  if (!/^[A-Za-z0-9_-]{32,128}$/.test(text)) {
    return fail(
      "malformed",
      "must be 32 to 128 letters, digits, _ or -; make one with: openssl rand -hex 32",
    );
  }
  if (text === environment["WEBHOOK_SECRET"]) return fail("malformed", "must be another than WEBHOOK_SECRET");
  return ok(text);
}
