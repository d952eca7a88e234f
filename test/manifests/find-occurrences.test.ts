import { describe, expect, test } from "vitest";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";

test("an occurrence tells where, what and how the value is written", () => {
  const text =
    'kind: List\napiVersion: v1\nitems:\n  - { apiVersion: v1, kind: Pod, spec: { containers: [{ image: "é/../x" }, { image: "localhost:5000/a/b:1.2" }] } }\n';
  const { occurrences } = findOccurrences("a/b.yaml", Buffer.from(text));
  expect(occurrences).toEqual([
    {
      file: "a/b.yaml",
      line: 4,
      column: 1 + text.split("\n")[3]!.indexOf("1.2"),
      path: "0/items/0/spec/containers/1/image",
      shape: "workload",
      image: "localhost:5000/a/b",
      tag: "1.2",
      digest: null,
      start: Buffer.byteLength(text.slice(0, text.indexOf("1.2"))),
      end: Buffer.byteLength(text.slice(0, text.indexOf("1.2"))) + 3,
    },
  ]);
});

test("hundreds of aliases cost nothing, as none is put in place of what it stands for", () => {
  const services = Array.from({ length: 400 }, (_, index) => `  s${index}: { image: *web }\n`).join("");
  const text = `image: &web ghcr.io/acme/web:1.2\nservices:\n${services}`;
  const { occurrences, skipped } = findOccurrences("values.yaml", Buffer.from(text));
  expect(skipped).toEqual([]);
  expect(occurrences.map(({ path, feeds = [] }) => [path, feeds.length])).toEqual([["0/image", 100]]);
});

test("an anchor within a text tells of what it feeds there, and of the aliases of the text", () => {
  const text = `one: &pod |\n  a: &a\n    image: ghcr.io/acme/web:1.2\n  b: *a\ntwo: *pod\n`;
  const { occurrences } = findOccurrences("values.yaml", Buffer.from(text));
  expect(occurrences.map(({ path, feeds }) => [path, feeds])).toEqual([
    ["0/one/0/a/image", ["0/one/0/b/image", "0/two/0/a/image", "0/two/0/b/image"]],
  ]);
});

const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nspec:\n${spec}\n`;

describe("what cannot be edited is told with its line", () => {
  test.each([
    [
      "a template that is YAML by chance",
      pod("  containers:\n    - image: {{ .Values.image }}"),
      5,
      /template/,
    ],
    ["a template in quotes", pod('  containers:\n    - image: "a:{{ .tag }}"'), 5, /a template/],
    ["a variable", pod("  containers:\n    - image: a:${TAG}"), 5, /a template/],
    [
      "a template that is no YAML",
      pod("{{- if .x }}\n  containers: [{ image: a:1 }]\n{{ end }}"),
      4,
      /a template: it cannot be read/,
    ],
    ["broken YAML", pod("  containers: [{ image: a:1 }"), 5, /not valid YAML/],
    ["a key given twice", pod("  containers:\n    - image: a:1\n      image: a:2"), 6, /given twice/],
    ["no reference", pod("  containers:\n    - image: A B"), 5, /not an image reference/],
    ["a number", pod("  containers:\n    - image: 12"), 5, /not text/],
    ["escapes", pod('  containers:\n    - image: "a\\u003a1"'), 5, /escapes/],
    ["SOPS", `${pod("  containers: [{ image: a:1 }]")}sops: { mac: x }\n`, 1, /SOPS/],
    ["a deep nest", `image: ${"[".repeat(2000)}`, 1, /nested deeper/],
  ])("%s", (_, text, line, reason) => {
    const found = findOccurrences("f.yaml", Buffer.from(text));
    expect(found.occurrences).toEqual([]);
    expect(found.skipped).toMatchObject([{ file: "f.yaml", line }]);
    expect(found.skipped[0]?.reason).toMatch(reason);
  });

  test("and the other documents of the file are still found", () => {
    const text = `${pod("  containers: [{ image: a:1 }]")}---\nimage: [\n---\n${pod("  containers: [{ image: b:1 }]")}`;
    const found = findOccurrences("f.yaml", Buffer.from(text));
    expect(found.occurrences.map((occurrence) => occurrence.image)).toContain("a");
    expect(found.skipped).toHaveLength(1);
  });

  test("a file that is no text, and one without images", () => {
    expect(findOccurrences("f.yaml", Buffer.from([0xff, 0xfe, 0x41])).skipped).toMatchObject([
      { reason: "not UTF-8 text" },
    ]);
    expect(findOccurrences("f.yaml", Buffer.from("a: ["))).toEqual({ occurrences: [], skipped: [] });
  });
});
