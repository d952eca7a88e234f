/** `Link`: where a listing goes on, and whether we may go there. https://www.rfc-editor.org/rfc/rfc8288 */

import { type Result, fail, ok } from "../model/failure.ts";
import type { Answer } from "./transport.ts";

const longestLink = 2_000;

/** The target of `rel="next"`. A next page on another origin would take our token there, so it is not followed. */
export function nextPage({ headers, url }: Answer, what: string): Result<URL | undefined> {
  const header = headers.get("link");
  if (header === null) return ok(undefined);
  const target = header.length > longestLink ? "" : targetOf(header);
  if (target === undefined) return ok(undefined);
  const next = URL.parse(target, url.href);
  const safe = next !== null && target !== "" && next.username === "" && next.password === "";
  if (!safe || next.origin !== url.origin) {
    return fail("incomplete", `${what} goes on at another place, which is not followed`);
  }
  return ok(next);
}

function targetOf(header: string): string | undefined {
  for (const [, target, parameters = ""] of header.matchAll(/<([^>]*)>((?:\s*;[^,;<]*)*)/g)) {
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?=\s*(?:;|$)))/i.test(parameters))
      return target;
  }
  return undefined;
}
