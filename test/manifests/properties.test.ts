import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { needsQuotes } from "../../src/manifests/quoting.ts";
import { splice } from "../../src/manifests/splice.ts";

const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,10}$/);
const hex = fc.stringMatching(/^[a-f0-9]{64}$/);
const quote = fc.constantFrom("", '"', "'");
const noise = fc.constantFrom("", " # 🚢 tag: 1.0.0", "\t# tab", "   ");
const name = fc.constantFrom("ghcr.io/acme/web", "web", "registry.example:5000/a/b");

/** A tag that reads as a number is quoted by whoever means it. */
const written = (text: string, mark: string): string =>
  mark === "" && needsQuotes(text) ? `"${text}"` : `${mark}${text}${mark}`;

const parts = fc
  .record({
    name,
    tag,
    quote,
    noise,
    digest: fc.option(hex, { nil: null }),
    bare: fc.boolean(),
    first: fc.boolean(),
  })
  .map(({ name, tag, quote, noise, digest, bare, first }) => {
    const own = [`repository: ${name}${noise}`, `tag: ${written(tag, quote)}${noise}`];
    const digested = digest === null ? [] : [`digest: ${bare ? written(digest, quote) : `sha256:${digest}`}`];
    return first ? [...digested, ...own.toReversed()] : [...own, ...digested];
  });

/** Values as people lay them out: indent, line ends, order, things between. */
const values = fc
  .record({
    images: fc.array(parts, { minLength: 1, maxLength: 4 }),
    indent: fc.constantFrom(2, 3, 4),
    newline: fc.constantFrom("\n", "\r\n"),
    start: fc.constantFrom("", "\ufeff", "# größer 🙂\n", "---\n"),
    end: fc.constantFrom("", "\n", "\nlast: |\n  text\n"),
  })
  .map(({ images, indent, newline, start, end }) => {
    const maps = images.map((lines, index) => {
      const inner = lines.map((line) => `${" ".repeat(2 * indent)}${line}`);
      return [`part${index}:`, `${" ".repeat(indent)}image:`, ...inner].join("\n");
    });
    return `${start}${maps.join("\n")}${end}`.replaceAll("\n", newline);
  });

/** The same values as the text of an Argo CD application. */
function asApplication(text: string): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const head = ["apiVersion: argoproj.io/v1alpha1", "kind: Application", "spec:", "  source:", "    helm:"];
  const body = text
    .replace("\ufeff", "")
    .split(newline)
    .map((line) => (line === "" ? "" : `        ${line}`));
  return [...head, "      values: |", ...body, "    path: x", ""].join(newline);
}

const plain = (text: string): unknown =>
  parseAllDocuments(text, { uniqueKeys: false }).map((document) => document.toJS());

function edit(file: string, text: string, pick: number, to: { tag: string; hex: string }) {
  const bytes = Buffer.from(text);
  const { occurrences } = findOccurrences(file, bytes);
  const occurrence = occurrences[pick % occurrences.length]!;
  const digest = occurrence.digest === null ? null : `sha256:${to.hex}`;
  const edited = splice(bytes, [{ occurrence, to: { tag: to.tag, digest } }]);
  if (!edited.ok) throw new Error(`${edited.failure.message}\n${text}`);
  return { bytes, occurrence, digest, after: Buffer.from(edited.value) };
}

describe("an image in several scalars", () => {
  test("moves with tag and digest together, and nothing else of the values does", () => {
    fc.assert(
      fc.property(values, fc.nat(), tag, hex, (text, pick, newTag, newHex) => {
        const { occurrence, digest, after } = edit("values.yaml", text, pick, { tag: newTag, hex: newHex });
        const key = occurrence.path.split("/")[1]!;
        const [expected] = plain(text) as [Record<string, { image: Record<string, string> }>];
        const image = expected[key]!.image;
        image["tag"] = newTag;
        if (digest !== null) image["digest"] = image["digest"]!.startsWith("sha256:") ? digest : newHex;
        expect((plain(after.toString()) as unknown[])[0]).toEqual(expected);
        const found = findOccurrences("values.yaml", after).occurrences.find(
          ({ path }) => path === occurrence.path,
        );
        expect(found).toMatchObject({ tag: newTag, digest, image: occurrence.image });
      }),
    );
  });

  test("leaves every byte outside its edits, in files and in strings of files", () => {
    fc.assert(
      fc.property(
        fc.oneof(values, values.map(asApplication)),
        fc.nat(),
        tag,
        hex,
        (file, pick, newTag, newHex) => {
          const { bytes, occurrence, after } = edit("values.yaml", file, pick, { tag: newTag, hex: newHex });
          const edits = (occurrence.edits ?? []).toSorted((a, b) => a.start - b.start);
          expect(after.subarray(0, edits[0]!.start - 1)).toEqual(bytes.subarray(0, edits[0]!.start - 1));
          const rest = bytes.subarray(edits.at(-1)!.end + 1);
          expect(after.subarray(after.length - rest.length)).toEqual(rest);
          expect(findOccurrences("values.yaml", after).occurrences).toHaveLength(
            findOccurrences("values.yaml", bytes).occurrences.length,
          );
        },
      ),
    );
  });
});

describe("an anchor", () => {
  test("is edited once and moves every path that it feeds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), tag, tag, (count, old, next) => {
        const aliases = Array.from({ length: count }, (_, n) => `part${n}: { image: *i }\n`).join("");
        const text = `main:\n  image: &i\n    repository: acme/web\n    tag: "${old}"\n${aliases}`;
        const { occurrences } = findOccurrences("values.yaml", Buffer.from(text));
        expect(occurrences).toHaveLength(1);
        const feeds = Array.from({ length: count }, (_, n) => `0/part${n}/image/tag`);
        expect(occurrences[0]!.feeds).toEqual(feeds);
        const { after } = edit("values.yaml", text, 0, { tag: next, hex: "" });
        expect(after.toString()).toBe(text.replace(`"${old}"`, `"${next}"`));
      }),
    );
  });
});

/** An entry of a kustomization that renames, as people lay it out. */
const entry = fc
  .tuple(fc.nat(5), fc.shuffledSubarray(["name", "newName"], { minLength: 2 }))
  .map(([layout, keys]) => {
    const text: Record<string, string> = { name: "ferry", newName: "ghcr.io/acme/ferry" };
    const flow = keys.map((key) => `${key}: ${text[key]}`);
    if (layout === 0) return `  - { ${flow.join(", ")} }\n`;
    if (layout === 1) return `  - {\n      ${flow.join(",\n      ")}, # last\n    }\n`;
    const written = (value: string): string =>
      [value, `"${value}"`, `>-\n      ${value}`, `\n      ${value} # there\n\n`][layout - 2]!;
    return `  - ${keys.map((key) => `${key}: ${written(text[key]!)}`).join("\n    ")}\n`;
  });

test("a key that was not there is added to any layout, and nothing else changes", () => {
  const base = {
    "base/kustomization.yaml": "resources: [pod.yaml]\n",
    "base/pod.yaml": 'apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: "ferry:1.0.0" }] }\n',
  };
  fc.assert(
    fc.property(entry, entry, tag, fc.constantFrom("\n", "\r\n"), (one, other, next, newline) => {
      const renamed = other.replaceAll("acme", "fleet");
      const text = `resources: [base]\nimages:\n${one}${renamed}`.replaceAll("\n", newline);
      const all = Object.entries({ ...base, "kustomization.yaml": text });
      const files = new Map(all.map(([path, content]) => [path, Buffer.from(content)]));
      const bytes = Buffer.from(text);
      const [occurrence] = findOccurrences("kustomization.yaml", bytes, { files }).occurrences;
      const spliced = splice(bytes, [{ occurrence: occurrence!, to: { tag: next, digest: null } }]);
      if (!spliced.ok) throw new Error(`${spliced.failure.message}\n${text}`);
      const [expected] = plain(text) as [{ images: Record<string, string>[] }];
      expected.images[0]!["newTag"] = next;
      expect(plain(Buffer.from(spliced.value).toString())).toEqual([expected]);
      const added = spliced.value.length - bytes.length;
      const kept = Buffer.from(spliced.value);
      const { start } = occurrence!;
      expect(Buffer.concat([kept.subarray(0, start), kept.subarray(start + added)])).toEqual(bytes);
    }),
  );
});
