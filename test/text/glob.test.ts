import * as fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, test } from "vitest";
import { globProblem, matchesGlob } from "../../src/text/glob.ts";

describe("a glob", () => {
  test.each([
    ["apps/**", "apps/web/a.yaml", true],
    ["apps/**", "apps", false],
    ["**/web.yaml", "web.yaml", true],
    ["**/web.yaml", "a/b/web.yaml", true],
    ["ghcr.io/acme/*", "ghcr.io/acme/web", true],
    ["ghcr.io/acme/*", "ghcr.io/acme/team/web", false],
    ["ghcr.io/acme/*", "ghcrxio/acme/web", false],
    ["team-?", "team-a", true],
    ["{web,worker}-*", "worker-production", true],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["**", ".github/lockkeeper.yml", true],
    ["*", ".hidden", true],
    ["web", "web2", false],
    ["a.b+c$", "a.b+c$", true],
  ])("%s on %s: %s", (glob, text, expected) => expect(matchesGlob([glob], text)).toBe(expected));

  test.each([
    ["!(a)"],
    ["!a"],
    ["a{b"],
    ["a[b"],
    ["{a,{b,c}}"],
    ["a\\b"],
    [""],
    ["x".repeat(201)],
    ["[z-a]"],
  ])("%j is refused and matches nothing", (glob) => {
    expect(globProblem(glob)).not.toBeNull();
    expect(matchesGlob([glob], glob)).toBe(false);
  });

  test("means what picomatch takes it for", () => {
    const part = fc.constantFrom("a", "b", ".", "*", "?", "-", "{a,b}");
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
    const path = fc.array(glob, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const text = fc.stringMatching(/^[ab.-]{1,3}(\/[ab.-]{1,3}){0,2}$/);
    fc.assert(
      fc.property(path, text, (pattern, candidate) => {
        fc.pre(
          globProblem(pattern) === null &&
            !/\*\*|\?|\.\.|\/\.|^\./.test(pattern) &&
            !/(^|\/)\.\.?(\/|$)/.test(candidate),
        );
        // Its short cut for `*.*` wants something behind the dot, as nothing else of it and no shell does.
        const options = { dot: true, fastpaths: false };
        expect(matchesGlob([pattern], candidate)).toBe(picomatch.isMatch(candidate, pattern, options));
      }),
      { numRuns: 2000 },
    );
  });

  test("never stalls on a pattern made for that", () => {
    expect(matchesGlob([`${"*a".repeat(90)}b`], "a".repeat(5000))).toBe(false);
  });
});
