import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { manifestFiles } from "../../src/manifests/manifest-files.ts";
import { shapes } from "../../src/manifests/shapes.ts";
import { type ImageEdit, splice } from "../../src/manifests/splice.ts";
import type { ImageValue, Occurrence } from "../../src/model/update.ts";

/**
 * `<shape>/<case>/before` and `after` are the files of a small repository; `skipped.txt` has what is told to be left alone.
 * `none` holds files that no shape may touch.
 */
const fixtures = join(import.meta.dirname, "..", "fixtures", "manifests");

/** What every tag of the cases moves to; the rest stays. */
const newTags: Readonly<Record<string, string>> = {
  "1.0.0": "2.0.0",
  "v1.0.0": "v2.0.0",
  "1.0.0-alpine": "2.0.0-alpine",
  "0.4": "0.10",
  "5.7": "5.8",
  "2004": "2022",
  "20240101": "20250101",
  x: "30",
  abc1234: "89655e1",
  on: "off",
};

function newer({ tag, digest }: Occurrence): ImageValue {
  return {
    tag: tag === null ? null : (newTags[tag] ?? tag),
    digest: digest === null ? null : `sha256:${"b".repeat(64)}`,
  };
}

function filesOf(folder: string): ReadonlyMap<string, Uint8Array> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.toSorted().map((path) => [relative(folder, path), readFileSync(path)]));
}

function editAll(files: ReadonlyMap<string, Uint8Array>): {
  texts: object;
  shapes: Set<string>;
  skipped: string;
} {
  const texts: Record<string, string> = {};
  const used = new Set<string>();
  const skips: string[] = [];
  const manifests = new Set(manifestFiles(files));
  for (const [file, bytes] of files) {
    texts[file] = Buffer.from(bytes).toString();
    if (!manifests.has(file)) continue;
    const { occurrences, skipped } = findOccurrences(file, bytes, { files });
    const edits: ImageEdit[] = occurrences.map((occurrence) => ({ occurrence, to: newer(occurrence) }));
    const spliced = splice(bytes, edits);
    texts[file] = spliced.ok ? Buffer.from(spliced.value).toString() : spliced.failure.message;
    for (const { shape } of occurrences) used.add(shape);
    skips.push(...skipped.map(({ line, reason }) => `${file}:${line} ${reason}\n`));
  }
  return { texts, shapes: used, skipped: skips.join("") };
}

const groups = readdirSync(fixtures);
const cases = groups.flatMap((group) =>
  readdirSync(join(fixtures, group)).map((name) => [group, name] as const),
);

describe("every reference of a repository is moved, and not one other byte", () => {
  test.each(cases)("%s: %s", (group, name) => {
    const folder = join(fixtures, group, name);
    const edited = editAll(filesOf(join(folder, "before")));
    const after = [...filesOf(join(folder, "after"))].map(([file, bytes]) => [
      file,
      Buffer.from(bytes).toString(),
    ]);
    expect(edited.texts).toEqual(Object.fromEntries(after));
    const told = join(folder, "skipped.txt");
    expect(edited.skipped).toBe(existsSync(told) ? readFileSync(told, "utf8") : "");
    const shape = existsSync(told) || group === "none" ? [] : [group];
    expect([...edited.shapes]).toEqual(expect.arrayContaining(shape));
    if (group === "none") expect([...edited.shapes]).toEqual([]);
  });
});

test("every shape has cases", () => {
  expect(groups.toSorted()).toEqual(expect.arrayContaining(Object.keys(shapes)));
  expect(groups.filter((group) => group !== "none" && !(group in shapes))).toEqual([]);
});
