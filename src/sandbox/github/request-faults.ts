/** What each fault does to a request and its answer. */

import type { Answer } from "./answer.ts";
import type { Fault, FaultKind } from "./fault.ts";

const limited =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. " +
  "If you reach out to GitHub Support for help, please include the request ID.";

/** The spoilt answer of a kind, by the seconds of its retry-after. */
const answers: Partial<Record<FaultKind, (seconds: number) => Answer>> = {
  unauthorized: () => refusal(401, "Bad credentials"),
  "secondary-limit": (seconds) => refusal(403, limited, { "retry-after": String(seconds) }),
  "rate-limit": (seconds) =>
    refusal(429, "API rate limit exceeded", {
      "retry-after": String(seconds),
      "x-ratelimit-remaining": "0",
    }),
  "server-error": () => refusal(500, "Server Error"),
  // A gateway speaks HTML.
  "bad-gateway": () => ({
    status: 502,
    body: "<html><head><title>502 Bad Gateway</title></head></html>",
    headers: { "content-type": "text/html" },
  }),
};

function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
  const body = { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
  return { status, body, headers };
}

/** Runs a request as the fault says; without one as it is. */
export async function answerThrough(fault: Fault | undefined, run: () => Promise<Answer>): Promise<Answer> {
  if (fault === undefined) return await run();
  if (fault.kind === "truncated") return { ...(await run()), transport: "truncated" };
  if (fault.after === true) await run();
  if (fault.kind === "silence") return { status: 200, transport: "silent" };
  return answers[fault.kind]?.(fault.seconds ?? 60) ?? (await run());
}
