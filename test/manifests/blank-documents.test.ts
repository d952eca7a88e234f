import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blankDocuments } from "../../src/manifests/blank-documents.ts";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { parseSource } from "../../src/manifests/source-file.ts";
import { splice } from "../../src/manifests/splice.ts";

const mentionsImage = (document: string): boolean => document.includes("image");

/** What each document means, and where it stands. */
function read(text: string, read?: string): readonly { value: unknown; range: unknown }[] {
  const source = parseSource(text, read);
  if (!source.ok) throw new Error(source.failure.message);
  return source.value.documents.map((document) => ({ value: document.toJS(), range: document.range }));
}

const separator = fc.constantFrom(
  "---\n",
  "---\r\n",
  "--- # next\n",
  "---\t\n",
  "# aside\n---\n",
  "...\n---\n",
);
const document = fc.constantFrom(
  "image: a:1\n",
  "kind: Service\nspec:\n  ports: [80]\n",
  "text: |\n  one\n   ---\n  two\nkind: ConfigMap\n",
  'image: "a: 1\n  ---\n  b"\n',
  "- one\n- {two: [3]}\n",
  "# only a comment\n",
  "",
  "---x: 1\nimages: [a]\n",
  "a: 1\n...\n",
  "ümlaut: 🚢 and more\n",
  "  indented: 1\r\n  lines: 2\r\n",
);
const file = fc
  .tuple(
    fc.constantFrom("", "\uFEFF", "\n", "# head\n", "---\n"),
    fc.array(fc.tuple(document, separator)),
    document,
  )
  .map(([head, parts, last]) => `${head}${parts.flat().join("")}${last}`);

describe("documents that need not be read", () => {
  test("go, and all others keep their meaning, their number and their place", () => {
    fc.assert(
      fc.property(file, (text) => {
        const left = blankDocuments(text, mentionsImage);
        fc.pre(left !== null);
        expect(left).toHaveLength(text.length);
        const [whole, blanked] = [read(text), read(text, left)];
        expect(blanked).toHaveLength(whole.length);
        for (const [index, { value, range }] of whole.entries()) {
          const wanted = /image/.test(JSON.stringify(value) ?? "");
          if (wanted) expect(blanked[index]).toEqual({ value, range });
        }
      }),
      { numRuns: 500 },
    );
  });

  test("are all of them where none is wanted", () => {
    expect(blankDocuments("a: 1\n---\nb: 2\n", mentionsImage)).toBeNull();
  });

  test("stay where a directive speaks for what follows", () => {
    const text = "a: 1\n...\n%YAML 1.2\n---\nimage: a:1\n";
    expect(blankDocuments(text, mentionsImage)).toBe(text);
  });
});

describe("a file of many documents", () => {
  const service = "apiVersion: v1\nkind: Service\nmetadata: { name: wäb }\n";
  const pod = "apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: a:1 }] }\n";
  const schema = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  image: b:1\n`;
  const imagesOf = (text: string): unknown[] =>
    findOccurrences("f.yaml", Buffer.from(text)).occurrences.map(({ path, line, start, end }) => [
      path,
      line,
      Buffer.from(text).subarray(start, end).toString(),
    ]);

  test("has its images where they stand, whatever is before them", () => {
    expect(imagesOf(`${service}---\n${schema}---\n${pod}`)).toEqual([["2/spec/containers/0/image", 12, "1"]]);
  });

  test("is read and edited though its schemas have millions of characters", () => {
    const property = (name: string): string =>
      `      ${name}: {type: string, description: the image of it}\n`;
    const properties = Array.from({ length: 50_000 }, (_, index) => property(`p${index}`)).join("");
    const text = `${pod}---\n${schema}${properties}---\n${pod}`;
    expect(text.length).toBeGreaterThan(2 * 1024 * 1024);
    const bytes = Buffer.from(text);
    const { occurrences } = findOccurrences("install.yaml", bytes);
    const edited = splice(
      bytes,
      occurrences.map((occurrence) => ({ occurrence, to: { tag: "20", digest: null } })),
    );
    expect(edited.ok && Buffer.from(edited.value).toString()).toBe(text.replaceAll("a:1", "a:20"));
  });

  test.each([
    [
      "in a text",
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    kind: CustomResourceDefinition\nimage: a\n`,
    ],
    ["in an item", `apiVersion: v1\nkind: List\nitems:\n- kind: CustomResourceDefinition\n`],
  ])("is read where it speaks of a schema only %s", (_, text) => {
    expect(imagesOf(`${text}---\n${pod}`)).toHaveLength(1);
    expect(imagesOf(`${pod}---\n${text}`)).toHaveLength(1);
  });

  test("tells of nothing in a schema that is no YAML", () => {
    const broken = "kind: CustomResourceDefinition\nspec: { image: {{ x }}\n";
    expect(findOccurrences("f.yaml", Buffer.from(broken))).toEqual({ occurrences: [], skipped: [] });
  });

  test("takes the second of two kinds for what the object is", () => {
    const twice = pod.replace("kind: Pod", "kind: CustomResourceDefinition\nkind: Pod");
    expect(imagesOf(twice)).toHaveLength(1);
  });
});
