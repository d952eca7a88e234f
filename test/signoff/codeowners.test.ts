import { describe, expect, test } from "vitest";
import { ownersOf, parseCodeowners } from "../../src/signoff/codeowners.ts";
import { approverText } from "../../src/signoff/approver.ts";

const owns = (text: string, path: string): readonly string[] =>
  ownersOf(parseCodeowners(text), [path]).flatMap(({ owners, addresses }) => [
    ...owners.map(approverText),
    ...addresses,
  ]);

describe("a pattern of CODEOWNERS", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["*", ["a", "a/b/c"], []],
    ["*.js", ["x.js", "a/b/x.js"], ["x.jsx", "x.js.map"]],
    ["/*.js", ["x.js"], ["a/x.js"]],
    ["/build/logs/", ["build/logs/a", "build/logs/b/c"], ["a/build/logs/x", "build/logs"]],
    ["docs/*", ["docs/a.md"], ["docs/a/b.md", "x/docs/a.md"]],
    ["apps/", ["apps/a", "x/apps/a/b"], ["apps", "myapps/a"]],
    ["/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]],
    ["**/logs", ["logs/a", "x/y/logs/z", "logs"], ["logs.txt"]],
    ["/apps/github", ["apps/github", "apps/github/x/y"], ["apps/githubx"]],
    ["docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]],
    ["docs/**/x", ["docs/x", "docs/a/b/x", "docs/a/x/y"], ["docs/xy"]],
    ["a?c", ["abc", "x/abc/y"], ["ac", "a/c"]],
    ["/a*c/", ["abbc/x"], ["abbc", "ab/c"]],
    ["file", ["file", "x/file", "file/y"], ["File", "FILE/y"]],
    ["a\\ b/", ["a b/c"], ["a", "b/c"]],
    ["{a,b}", ["{a,b}"], ["a", "b"]],
  ])("%s", (pattern, yes, no) => {
    const text = `${pattern} @ada`;
    expect(yes.filter((path) => owns(text, path).length === 0)).toEqual([]);
    expect(no.filter((path) => owns(text, path).length > 0)).toEqual([]);
  });

  test("of many asterisks takes no time to speak of", () => {
    const text = `${"*a".repeat(200)}b @ada`;
    expect(owns(text, "a".repeat(4000))).toEqual([]);
    expect(owns(`${"**/a/".repeat(60)}b @ada`, "a/".repeat(1000))).toEqual([]);
  });
});

describe("the lines of CODEOWNERS", () => {
  const text = [
    "# everything",
    "* @ada @acme/sre ops@example.org   # beside a line",
    "",
    "/apps/ @grace",
    "/apps/open/",
    "!/apps/x @linus",
    "/apps/[ab] @linus",
    "\\#x @linus",
    "/apps/web @grace grace",
    "/apps/api 7+bob@users.noreply.github.com",
  ].join("\r\n");

  test.each([
    ["README.md", ["user:ada", "team:acme/sre", "ops@example.org"]],
    ["apps/a", ["user:grace"]],
    ["apps/open/x", []],
    ["apps/x", ["user:grace"]],
    ["apps/web", ["user:grace"]],
    ["apps/api", ["user:bob"]],
  ])("%s", (path, owners) => {
    expect(owns(text, path)).toEqual(owners);
  });

  test("that are wrong are passed over and told", () => {
    expect(parseCodeowners(text).skipped.map(({ line }) => line)).toEqual([6, 7, 8, 9]);
    expect(parseCodeowners(text).skipped[0]?.message).toContain("cannot be negated");
  });
});
