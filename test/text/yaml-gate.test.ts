import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { gateYaml } from "../../src/text/yaml-gate.ts";

const repeat = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join("");

describe("the gate before the parser", () => {
  test.each([
    ["a nest of lists", "[".repeat(100_000), /deeper than 64/],
    ["a nest of maps", '{"a":'.repeat(5000), /deeper than 64/],
    ["dashes in a row", "- ".repeat(3000), /deeper than 64/],
    ["a block map 3,000 deep", repeat(1000, (n) => `${" ".repeat(n)}a:\n`), /deeper than 64/],
    ["too many aliases", `a: &a 1\nb: [${"*a, ".repeat(101)}]`, /100 aliases/],
    ["a block map of 50,000 keys", repeat(50_000, (n) => `k${n}: 1\n`), /5000 keys/],
    ["a flow map of 50,000 keys", `{${repeat(50_000, (n) => `k${n}: 1, `)}}`, /5000 keys/],
    ["a flow set", `{${repeat(6000, (n) => `k${n}, `)}}`, /5000 keys/],
    ["3,000 documents", "---\na: b\n".repeat(3000), /2000 documents/],
    ["a long list of small things", `[${"a,".repeat(200_000)}]`, /5000 keys|250000 parts/],
    ["a list of lists", repeat(60_000, () => "- [a, b]\n"), /250000 parts/],
    ["a megabyte", "x".repeat(1024 * 1024 + 1), /over 1 MiB/],
    ["a NUL", "a: \0", /NUL/],
  ])("refuses %s", (_, text, reason) => expect(gateYaml(text)?.reason).toMatch(reason));

  test.each([
    ["1,500 documents", "---\na: b\n".repeat(1500)],
    ["a long list", "- a: b\n".repeat(20_000)],
    ["ordinary depth", repeat(30, (n) => `${"  ".repeat(n)}a:\n`)],
    ["aliases within reason", `a: &a 1\nb: [${"*a, ".repeat(100)}]`],
    ["brackets in text", `a: "${"[".repeat(500)}"\nb: |\n  ${"{".repeat(500)}\n`],
  ])("lets through %s", (_, text) => expect(gateYaml(text)).toBeNull());

  test("and finding images survive anything", () => {
    const piece = fc.constantFrom(
      "image: ",
      "- ",
      "[",
      "{",
      "}",
      "]",
      "\n",
      "  ",
      "&a ",
      "*a",
      "!!js/function ",
      "<<: ",
      "|\n",
      "? ",
      ": ",
      "'",
      '"',
      "---\n",
      "apiVersion: v1\nkind: Pod\n",
      "spec:\n",
      "\t",
      "%",
      "@",
      "`",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 60 }),
        (parts) => {
          findOccurrences("f.yaml", Buffer.from(`image ${parts.join("")}`));
        },
      ),
      { numRuns: 500 },
    );
  });
});
