import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChallenge } from "../../src/registry/challenge.ts";
import { retryAfterSeconds } from "../../src/registry/status.ts";

describe("WWW-Authenticate", () => {
  test.each([
    ['Bearer realm="https://a/t",service="s"', { scheme: "bearer", realm: "https://a/t", service: "s" }],
    ['bearer service="s", realm="https://a/t"', { scheme: "bearer", realm: "https://a/t", service: "s" }],
    ["Bearer realm=https://a/t", { scheme: "bearer", realm: "https://a/t", service: undefined }],
    [
      'Basic realm="x", Bearer realm="https://a/t"',
      { scheme: "bearer", realm: "https://a/t", service: undefined },
    ],
    ['Basic realm="x"', { scheme: "basic" }],
    ["Bearer", undefined],
    ["Negotiate", undefined],
    ["", undefined],
    [null, undefined],
    [`Bearer realm="https://a/${"t".repeat(3000)}"`, undefined],
  ])("%s is read", (header, expected) => {
    expect(parseChallenge(header)).toEqual(expected);
  });

  test("of any text is read without a fault", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Bearer realm="${text}"`),
        ),
        (text) => {
          parseChallenge(text);
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  const now = new Date("2026-11-22T00:00:00Z");
  test.each([
    ["30", 30],
    ["0", 1],
    ["999999999", 3600],
    ["Sun, 22 Nov 2026 00:01:30 GMT", 90],
    ["Sun, 22 Nov 2020 00:00:00 GMT", 1],
    ["soon", 60],
    [null, 60],
  ])("%s is %i seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});
