import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attempt, redact } from "../../src/github/translate.ts";

function httpError(status: number, message: string, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), { name: "HttpError", status, response: { headers } });
}

const inAMinute = String(Math.floor(Date.now() / 1000) + 60);

describe("what GitHub says means", () => {
  test.each<[number, string, Record<string, string>, string]>([
    [401, "Bad credentials", {}, "unauthorized"],
    [403, "Resource not accessible by integration", {}, "forbidden"],
    [403, "You have exceeded a secondary rate limit", {}, "rate-limited"],
    [403, "whatever", { "retry-after": "30" }, "rate-limited"],
    [
      403,
      "API rate limit exceeded",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inAMinute },
      "rate-limited",
    ],
    [429, "Too many requests", {}, "rate-limited"],
    [404, "Not Found", {}, "not-found"],
    [409, "Git Repository is empty.", {}, "conflict"],
    [410, "Issues are disabled for this repo", {}, "unsupported"],
    [422, "Reference already exists", {}, "conflict"],
    [422, "Validation Failed: no commits between main and x", {}, "conflict"],
    [422, "Validation Failed: body is too long", {}, "rejected"],
    [451, "Repository access blocked", {}, "forbidden"],
    [500, "Server Error", {}, "unavailable"],
    [502, "<html>Unicorn!</html>", {}, "unavailable"],
  ])("%i %s %j: %s", async (status, message, headers, code) => {
    const result = await attempt("ask", () => Promise.reject(httpError(status, message, headers)));
    expect(result).toMatchObject({ ok: false, failure: { code } });
  });

  test.each<[Record<string, string>, number]>([
    [{ "retry-after": "30" }, 30],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" }, 1],
    [{}, 60],
  ])("wait %j: %i seconds", async (headers, seconds) => {
    const result = await attempt("ask", () => Promise.reject(httpError(429, "slow down", headers)));
    expect(result).toMatchObject({ failure: { retryAfterSeconds: seconds } });
  });

  test("a bug is no failure", async () => {
    await expect(attempt("ask", () => Promise.reject(new TypeError("undefined")))).rejects.toThrow(TypeError);
  });
});

describe("nothing secret is in a message:", () => {
  const body = fc.stringMatching(/^[A-Za-z0-9]{1,80}$/);
  test("a token of any kind and length", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("ghs_", "ghp_", "gho_", "ghu_", "ghr_", "github_pat_"),
        body,
        (kind, secret) => {
          expect(redact(`remote: https://x:${kind}${secret}@host/`)).toBe(
            "remote: https://x:[redacted token]@host/",
          );
        },
      ),
    );
  });

  test("a JSON Web Token and a private key", () => {
    expect(redact("got eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2ln, sorry")).toBe("got [redacted token], sorry");
    expect(redact("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")).toBe(
      "[redacted key]",
    );
    expect(redact("-----BEGIN RSA PRIVATE KEY-----\nMIIE")).toBe("[redacted key]");
  });
});
