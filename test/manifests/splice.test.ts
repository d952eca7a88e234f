import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { needsQuotes } from "../../src/manifests/quoting.ts";
import { splice } from "../../src/manifests/splice.ts";
import type { Occurrence } from "../../src/model/update.ts";

const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/);
const name = fc.constantFrom("a", "ghcr.io/acme/web", "localhost:5000/x/y", "12", "docker.io/library/nginx");
const digest = fc.option(fc.stringMatching(/^[a-f0-9]{64}$/), { nil: null });
const noise = fc.constantFrom("", " # größer 🙂", "   ", " # image: a:1");
const quote = fc.constantFrom("", '"', "'");

/** A pod written in one of the many ways in which people write them. */
const container = fc.record({ name, tag, digest, quote, noise });
const manifest = fc
  .record({
    containers: fc.array(container, { minLength: 1, maxLength: 4 }),
    newline: fc.constantFrom("\n", "\r\n"),
    start: fc.constantFrom("", "\ufeff", "# 日本\n", "---\n"),
    end: fc.constantFrom("", "\n", "\n---\n# nothing\n"),
  })
  .map(({ containers, newline, start, end }) => {
    const lines = containers.map((one) => {
      const reference = `${one.name}:${one.tag}${one.digest === null ? "" : `@sha256:${one.digest}`}`;
      return `    - image: ${one.quote}${reference}${one.quote}${one.noise}`;
    });
    const text = `${start}apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${lines.join("\n")}${end}`;
    return Buffer.from(text.replaceAll("\n", newline));
  });

const plain = (bytes: Uint8Array): unknown[] =>
  parseAllDocuments(Buffer.from(bytes).toString(), { uniqueKeys: false }).map((document) => document.toJS());

/** The file in which the reference of one container is something else, by way of the plain values. */
function expected(bytes: Uint8Array, index: number, reference: string): unknown[] {
  const [pod, ...rest] = plain(bytes) as [{ spec: { containers: { image: string }[] } }];
  pod.spec.containers[index]!.image = reference;
  return [pod, ...rest];
}

describe("a splice", () => {
  test("changes one reference and not one other byte", () => {
    fc.assert(
      fc.property(
        manifest,
        fc.nat(),
        tag,
        fc.stringMatching(/^[a-f0-9]{64}$/),
        (bytes, pick, newTag, hex) => {
          const { occurrences } = findOccurrences("f", bytes);
          fc.pre(occurrences.length > 0);
          const index = pick % occurrences.length;
          const occurrence = occurrences[index]!;
          const to = { tag: newTag, digest: occurrence.digest === null ? null : `sha256:${hex}` };
          const result = splice(bytes, [{ occurrence, to }]);
          if (!result.ok) throw new Error(result.failure.message);
          const text = to.digest === null ? newTag : `${newTag}@${to.digest}`;
          const containers = findOccurrences("f", bytes).occurrences.length;
          expect(containers).toBe(findOccurrences("f", result.value).occurrences.length);
          const slot = Number(/containers\/(\d+)/.exec(occurrence.path)![1]);
          expect(plain(result.value)).toEqual(expected(bytes, slot, `${occurrence.image}:${text}`));
          if (needsQuotes(`${occurrence.image}:${text}`)) return;
          expect(Buffer.from(result.value)).toEqual(
            Buffer.concat([
              bytes.subarray(0, occurrence.start),
              Buffer.from(text),
              bytes.subarray(occurrence.end),
            ]),
          );
        },
      ),
    );
  });

  test("there and back again gives the same bytes", () => {
    fc.assert(
      fc.property(manifest, (bytes) => {
        const { occurrences } = findOccurrences("f", bytes);
        // Quotes that a value needed once stay.
        fc.pre(occurrences.every(({ image, tag }) => !needsQuotes(`${image}:${tag}`)));
        const there = splice(
          bytes,
          occurrences.map((occurrence) => ({ occurrence, to: { ...occurrence, tag: "v9.9.9" } })),
        );
        if (!there.ok) throw new Error(there.failure.message);
        const moved = findOccurrences("f", there.value).occurrences;
        const back = splice(
          there.value,
          moved.map((occurrence, index) => ({ occurrence, to: { ...occurrences[index]! } })),
        );
        expect(back.ok && Buffer.from(back.value).equals(bytes)).toBe(true);
      }),
    );
  });

  const pod = Buffer.from("apiVersion: v1\nkind: Pod\nspec:\n  containers: [{ image: a:1 }]\n");
  const found = findOccurrences("f", pod).occurrences[0]!;
  test.each<[string, Partial<Occurrence>, { tag: string | null; digest: string | null }]>([
    ["another value than was found", { tag: "2" }, { tag: "3", digest: null }],
    ["another place", { start: found.start - 1 }, { tag: "3", digest: null }],
    ["another path", { path: "0/spec/containers/7/image" }, { tag: "3", digest: null }],
    ["a value that would break out", {}, { tag: "3 }, { image: evil:1", digest: null }],
    ["nothing", {}, { tag: null, digest: null }],
  ])("is refused for %s", (_, change, to) => {
    const result = splice(pod, [{ occurrence: { ...found, ...change }, to }]);
    expect(result).toMatchObject({ ok: false, failure: { code: "rejected" } });
  });

  test("is refused twice in one place", () => {
    const edit = { occurrence: found, to: { tag: "2", digest: null } };
    expect(splice(pod, [edit, edit])).toMatchObject({ ok: false });
  });
});

describe("a plain scalar stays text to every parser", () => {
  test.each([
    "1.10",
    "2024",
    "1e3",
    "89655e1",
    "0x1F",
    "0123",
    "0o17",
    "0b11",
    "1_000",
    "1_000.5",
    "7:30",
    "190:20:30",
  ])("%s needs quotes", (text) => expect(needsQuotes(text)).toBe(true));
  test.each(["2024-01-01", "on", "Yes", "null", "~", "", ".inf", "-.5", "+12", "20260821151134", "y", "<<"])(
    "%j needs quotes",
    (text) => expect(needsQuotes(text)).toBe(true),
  );
  test.each([
    "1.2.3",
    "v1",
    "1.10-alpine",
    "latest",
    "main-12",
    "e1",
    "a:1",
    "nginx:1.10",
    "ab12",
    "1.2.3e4",
  ])("%s needs none", (text) => expect(needsQuotes(text)).toBe(false));
});
