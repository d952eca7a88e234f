/** Whether a webhook secret is one that nobody guesses. */

import { type Result, fail, ok } from "../model/failure.ts";

/** What `openssl rand -hex 16` prints is the shortest that is accepted. */
const minimumLength = 32;

/** Whoever knows the secret can forge every event, so a missing, short, well-known or repetitive one is refused. */
export function checkWebhookSecret(secret: string | undefined): Result<string> {
  const advice = "make one with: openssl rand -hex 32";
  if (secret === undefined || secret === "") return fail("malformed", `is missing; ${advice}`);
  if (/^(?:development|secret|changeme|password|webhook)/i.test(secret)) {
    return fail("malformed", `is a well-known word that anybody can guess; ${advice}`);
  }
  if (secret.length < minimumLength) {
    return fail("malformed", `is shorter than ${minimumLength} characters; ${advice}`);
  }
  if (/^(.{1,16}?)\1+$/.test(secret)) return fail("malformed", `only repeats itself; ${advice}`);
  if (secret !== secret.trim()) return fail("malformed", "begins or ends with white space");
  return ok(secret);
}
