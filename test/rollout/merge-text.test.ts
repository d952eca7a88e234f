import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { mergeText } from "../../src/rollout/merge-text.ts";

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join("");
const base = lines("a", "b", "c", "d", "e", "f");

describe("a clean merge", () => {
  const cases: readonly [string, string, string, string][] = [
    ["only ours", lines("A", "b", "c", "d", "e", "f"), base, lines("A", "b", "c", "d", "e", "f")],
    ["only theirs", base, lines("a", "b", "c", "d", "e", "F"), lines("a", "b", "c", "d", "e", "F")],
    [
      "both, apart",
      lines("A", "b", "c", "d", "e", "f"),
      lines("a", "b", "c", "d", "F"),
      lines("A", "b", "c", "d", "F"),
    ],
    [
      "the same change",
      lines("X", "b", "c", "d", "e", "f"),
      lines("X", "b", "c", "d", "e", "f"),
      lines("X", "b", "c", "d", "e", "f"),
    ],
    [
      "no end of the last line",
      lines("A", "b", "c", "d", "e", "f"),
      base.slice(0, -1),
      lines("A", "b", "c", "d", "e", "f").slice(0, -1),
    ],
  ];
  test.each(cases)("%s", (_, ours, theirs, merged) => {
    expect(mergeText(base, ours, theirs)).toBe(merged);
  });
});

describe("a conflict", () => {
  const cases: readonly [string, string, string][] = [
    ["the same line", lines("A", "b", "c", "d", "e", "f"), lines("X", "b", "c", "d", "e", "f")],
    ["the next line", lines("A", "b", "c", "d", "e", "f"), lines("a", "B", "c", "d", "e", "f")],
    [
      "two insertions at one place",
      lines("a", "1", "b", "c", "d", "e", "f"),
      lines("a", "2", "b", "c", "d", "e", "f"),
    ],
  ];
  test.each(cases)("%s", (_, ours, theirs) => {
    expect(mergeText(base, ours, theirs)).toBeNull();
  });
});

describe("against git merge-file", () => {
  const folder = mkdtempSync(join(tmpdir(), "lockkeeper-merge-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function git(base: string, ours: string, theirs: string): { clean: boolean; text: string } {
    const files = { ours, base, theirs };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const run = spawnSync("git", ["merge-file", "-p", "ours", "base", "theirs"], {
      cwd: folder,
      encoding: "utf8",
    });
    return { clean: run.status === 0, text: run.stdout };
  }

  test("what we call clean is clean there too, and the same text", () => {
    const unique = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    const edit = fc.array(fc.tuple(fc.nat(11), fc.constantFrom("change", "remove", "add")), { maxLength: 3 });
    const apply = (edits: readonly (readonly [number, string])[], mark: string): string =>
      lines(
        ...unique.flatMap((line, index) => {
          const kind = edits.find(([at]) => at === index)?.[1];
          if (kind === "remove") return [];
          if (kind === "change") return [`${line} ${mark}`];
          return kind === "add" ? [line, `${mark} ${index}`] : [line];
        }),
      );
    fc.assert(
      fc.property(edit, edit, (left, right) => {
        const [ours, theirs] = [apply(left, "ours"), apply(right, "theirs")];
        const merged = mergeText(lines(...unique), ours, theirs);
        const expected = git(lines(...unique), ours, theirs);
        return merged === null || (expected.clean && expected.text === merged);
      }),
      { numRuns: 60 },
    );
  });
});
