/** Whether a text is the private key of a GitHub App. */

import { createPrivateKey } from "node:crypto";
import { type Result, fail, ok } from "../model/failure.ts";

/** The key as PEM; line breaks may have been written as `\n`, as env files make it necessary. */
export function checkPrivateKey(text: string): Result<string> {
  const pem = text.includes("\n") ? text.trim() : text.trim().replaceAll("\\n", "\n");
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== "rsa") return fail("malformed", "is not an RSA key, as GitHub's are");
    return ok(pem);
  } catch {
    return fail("malformed", "is not a private key in PEM form (-----BEGIN RSA PRIVATE KEY-----)");
  }
}
