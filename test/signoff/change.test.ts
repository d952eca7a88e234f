import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileChange } from "../../src/model/pull.ts";
import type { Occurrence } from "../../src/model/update.ts";
import { fileIdentity, imageMoves, imageIdentity } from "../../src/signoff/change.ts";

const file = (path: string, more: Partial<FileChange> = {}): FileChange => {
  return { path, status: "modified", blob: "b1", ...more };
};

describe("a change by its files", () => {
  test.each<[string, FileChange, FileChange, boolean]>([
    ["the same", file("a"), file("a"), true],
    ["another content", file("a"), file("a", { blob: "b2" }), false],
    ["another path", file("a"), file("b"), false],
    ["added and not changed", file("a"), file("a", { status: "added" }), false],
    ["moved from elsewhere", file("a"), file("a", { status: "renamed", previousPath: "c" }), false],
  ])("%s", (_, one, other, equal) => {
    expect(fileIdentity([one]) === fileIdentity([other])).toBe(equal);
  });

  test("is the same in any order of the list and another with one file more", () => {
    const anyFile = fc
      .record({ path: fc.string(), blob: fc.string() })
      .map(({ path, blob }) => file(path, { blob }));
    fc.assert(
      fc.property(fc.array(anyFile), anyFile, (files, extra) => {
        expect(fileIdentity([...files].reverse())).toBe(fileIdentity(files));
        expect(fileIdentity([...files, extra])).not.toBe(fileIdentity(files));
      }),
    );
  });
});

function occurrence(more: Partial<Occurrence> = {}): Occurrence {
  return {
    file: "web.yaml",
    line: 9,
    column: 16,
    path: "0/spec/containers/0/image",
    shape: "pod",
    image: "acme/web",
    tag: "1.0.0",
    digest: null,
    start: 100,
    end: 114,
    ...more,
  };
}

function shifted(list: readonly Occurrence[]): readonly Occurrence[] {
  return list.map((it) => ({ ...it, line: it.line + 5, start: it.start + 80, end: it.end + 80 }));
}

describe("a change by its image edits", () => {
  const before = [occurrence(), occurrence({ path: "0/spec/containers/1/image", image: "acme/proxy" })];
  const after = [occurrence({ tag: "1.1.0", digest: "sha256:1" }), before[1]!];

  test("names what moved, from and to", () => {
    expect(imageMoves(before, after)).toEqual([
      {
        file: "web.yaml",
        path: "0/spec/containers/0/image",
        image: "acme/web",
        from: { tag: "1.0.0", digest: null },
        to: { tag: "1.1.0", digest: "sha256:1" },
      },
    ]);
  });

  test("is the same wherever the lines have moved", () => {
    const identity = imageIdentity(imageMoves(before, after) ?? []);
    expect(imageIdentity(imageMoves(shifted(before), shifted(after)) ?? [])).toBe(identity);
  });

  test.each<[string, Partial<Occurrence>]>([
    ["another target", { tag: "1.2.0", digest: "sha256:1" }],
    ["another digest of the same tag", { tag: "1.1.0", digest: "sha256:2" }],
  ])("%s is another change", (_, to) => {
    const one = imageIdentity(imageMoves(before, after) ?? []);
    expect(imageIdentity(imageMoves(before, [occurrence(to), before[1]!]) ?? [])).not.toBe(one);
  });

  test("another starting point is another change", () => {
    const one = imageIdentity(imageMoves(before, after) ?? []);
    const other = imageMoves([occurrence({ tag: "0.9.0" }), before[1]!], after) ?? [];
    expect(imageIdentity(other)).not.toBe(one);
  });

  test.each<[string, readonly Occurrence[]]>([
    ["an image more", [...before, occurrence({ path: "0/spec/containers/2/image" })]],
    ["an image less", before.slice(1)],
    ["an image of another name", [occurrence({ image: "evil/web" }), before[1]!]],
  ])("%s is no change of values", (_, after) => {
    expect(imageMoves(before, after)).toBeNull();
  });
});
