import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inertBlock, inertLine, inertProse, inertSpan } from "../../src/text/inert.ts";
import { makeMarker, readMarker } from "../../src/text/marker.ts";

/** Text with what an attacker would try, in any mixture. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "`",
        "``",
        "```",
        "~~~",
        "@ada",
        "#1",
        "![x](http://x)",
        "<img src=x>",
        "</details>",
        "|",
      ),
      fc.constantFrom(
        "\n",
        "\r\n",
        "\t",
        "\u202e",
        "\u200b",
        "\u2028",
        "\0",
        "\ud800",
        "<!-- lockkeeper:bump {} -->",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
  )
  .map((parts) => parts.join(""));
const runs = (text: string): number[] => (text.match(/`+/g) ?? []).map((run) => run.length);

describe("foreign text", () => {
  test("stays within its code span: no run inside is as long as the delimiter", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const span = inertSpan(text);
        const delimiter = /^`+/.exec(span)![0];
        expect(span.endsWith(delimiter)).toBe(true);
        const inside = span.slice(delimiter.length, -delimiter.length);
        expect(Math.max(0, ...runs(inside))).toBeLessThan(delimiter.length);
        expect(inside.startsWith("`") || inside.endsWith("`")).toBe(false);
        expect(span).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(span.isWellFormed()).toBe(true);
      }),
    );
  });

  test.each([
    ["1.4.2-alpine is the latest version, 3 days old.", "1.4.2-alpine is the latest version, 3 days old."],
    ["as @ada says (#12): fixes acme/web#1!", "as `@ada` says (`#12`): fixes `acme/web#1!`"],
    ["see https://x.example, www.x.example or GH-7", "see `https://x.example`, `www.x.example` or `GH-7`"],
    ["![x](y) <b> *a* _b_ ~c~ a|b", "`![x](y`) `<b>` `*a*` `_b_` `~c~` `a|b`"],
    [":tada: 1a2b3c4 &#64;ada \\@ada", "`:tada`: `1a2b3c4` `&#64;ada` `\\@ada`"],
    ["two  lines\n- here", "two lines - here"],
    ["(www.x.example) 'GH-7' 1a2b3c4.", "(`www.x.example`) `'GH-7'` `1a2b3c4`."],
    ["=www.x.example -- (2026-11-25)", "`=www.x.example` -- (2026-11-25)"],
  ])("in prose: %j becomes %j", (text, prose) => expect(inertProse(text)).toBe(prose));

  test("in prose has nothing but plain words outside of code spans", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const outside = inertProse(text).replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
        expect(outside).not.toMatch(/[@#<>[\]*_~|!&\\`/]/);
      }),
    );
  });

  test("stays within its fence, line by line", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = inertBlock(text).split("\n");
        const fence = /^`+/.exec(lines[0]!)![0];
        expect(lines.at(-1)).toBe(fence);
        expect(Math.max(0, ...runs(lines.slice(1, -1).join("\n")))).toBeLessThan(fence.length);
        expect(lines.join("")).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|\r|\0/u);
      }),
    );
  });

  test("never passes for one of our markers", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const made of [inertSpan(text), inertBlock(text), inertLine(text)])
          expect(readMarker(`${made}\n${makeMarker("bump", 7)}`, "bump")).toBe(7);
      }),
    );
  });

  test.each([
    ["1.2.3", "`1.2.3`"],
    ["", "` `"],
    ["a`b", "``a`b``"],
    ["`a", "`` `a ``"],
    ["@ada\nfixes #1", "`@ada fixes #1`"],
    ["abc\u202edef", "`abcdef`"],
  ])("%j becomes %s", (text, span) => expect(inertSpan(text)).toBe(span));

  test("is cut where it is long, never within a character", () => {
    expect(inertSpan("x".repeat(300), 10)).toBe("`xxxxxxxxx…`");
    expect(inertLine("🙂🙂🙂", 4)).toBe("🙂…");
  });
});
