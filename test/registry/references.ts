/** Short ways for tests to name images and to look into answers. */

import { type Failure, type Result, ok } from "../../src/model/failure.ts";
import { type ImageReference, parseImageReference } from "../../src/model/image.ts";
import type { Credentials, FindCredentials } from "../../src/registry/credentials.ts";

export function imageAt(host: string, repository: string): ImageReference {
  const parsed = parseImageReference(`${host}/${repository}`);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

/** The value of an answer that has to be one. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

/** The failure of an answer that has to be one. */
export function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error(`did not fail: ${JSON.stringify(result.value)}`);
  return result.failure;
}

/** Credentials that are known at once, by host alone. */
export function known(find: (host: string) => Credentials | undefined): FindCredentials {
  return async (host) => ok(find(host));
}
