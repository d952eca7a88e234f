/** A request to the sandbox's GitHub as one of its users. */

import type { Result } from "../../src/model/failure.ts";

// Whatever GitHub answers: a test looks at what it needs of it.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any;

/** The body of the answer; anything but a 2xx is a mistake of the test. */
export async function call(url: string, token: string, method: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The value of a result that has to be one. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}
