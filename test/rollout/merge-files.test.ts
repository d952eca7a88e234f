import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/repository.ts";
import { mergeFiles } from "../../src/rollout/merge-files.ts";

const commit = (sha: string, files: Readonly<Record<string, string>>): Snapshot => ({
  sha,
  files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, "latin1")])),
  skipped: new Map(),
});

function merged(
  origin: Readonly<Record<string, string>>,
  base: Readonly<Record<string, string>>,
  head: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | null {
  const paths = [...new Set([...Object.keys(origin), ...Object.keys(head)])].filter(
    (path) => origin[path] !== head[path],
  );
  const sides = { origin: commit("o", origin), base: commit("b", base), head: commit("h", head) };
  const result = mergeFiles({ ...sides, paths });
  if (result === null) return null;
  return Object.fromEntries(
    [...result.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString("latin1")]),
  );
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

test.each([
  ["only the head changed", { a: "1" }, { a: "1", b: "x" }, { a: "2" }, { a: "2", b: "x" }],
  ["both made the same change", { a: "1" }, { a: "2" }, { a: "2" }, { a: "2" }],
  ["the head took a file away", { a: "1", b: "1" }, { a: "1", b: "1" }, { b: "1" }, { b: "1" }],
  ["the head added one", {}, { b: "1" }, { a: "1" }, { a: "1", b: "1" }],
  [
    "both changed lines apart",
    { a: lines("1", "2", "3", "4") },
    { a: lines("one", "2", "3", "4") },
    { a: lines("1", "2", "3", "four\u00e9\u0093") },
    { a: lines("one", "2", "3", "four\u00e9\u0093") },
  ],
  ["both changed a line", { a: "1\n" }, { a: "2\n" }, { a: "3\n" }, null],
  ["one changed what the other took away", { a: "1" }, { a: "2" }, {}, null],
])("a merge where %s", (...[, origin, base, head, expected]) => {
  expect(merged(origin as never, base as never, head as never)).toEqual(expected);
});
