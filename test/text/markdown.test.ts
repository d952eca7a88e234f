import { describe, expect, test } from "vitest";
import { fitBlocks, fold, table } from "../../src/text/markdown.ts";

describe("a table", () => {
  test("keeps every cell in its column", () => {
    expect(
      table(
        ["a", "b"],
        [
          ["`x|y`", "1\n2"],
          ["`p\\|q`", ""],
        ],
      ),
    ).toBe("| a | b |\n| --- | --- |\n| `x\\|y` | 1 2 |\n| `p\\ \\|q` |  |");
  });
  test("says how many rows it does not show", () => {
    expect(table(["a"], [["1"], ["2"], ["3"]], 2)).toContain("_1 more row not shown._");
  });
});

test("a fold shows its summary first", () => {
  expect(fold("Why", "because")).toBe("<details>\n<summary>Why</summary>\n\nbecause\n\n</details>");
});

describe("blocks", () => {
  test("are joined by blank lines, the ending last", () => {
    expect(fitBlocks(["a", "b"], "<!-- end -->")).toBe("a\n\nb\n\n<!-- end -->");
  });
  test("are left out whole where they do not fit, and that is said", () => {
    const text = fitBlocks(["short", "x".repeat(70_000), "also short"], "<!-- end -->");
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/^short\n\nalso short\n\n_1 more part left out.*\n\n<!-- end -->$/s);
  });
});
