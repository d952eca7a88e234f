import { describe, expect, test } from "vitest";
import { type Found, findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { parseImageReference } from "../../src/model/image.ts";
import * as distribution from "./distribution-references.ts";
import * as kustomize from "./kustomize-images.ts";

describe(`as ${distribution.source}`, () => {
  const rows = distribution.references.map((row) => ({ text: row[0], registry: row[1], row }));
  test.each(rows)("$text is of $registry", ({ row: [text, registry, repository, tag, digest] }) => {
    const parsed = parseImageReference(text);
    expect(parsed).toMatchObject({ ok: true, value: { registry, repository } });
    if (!parsed.ok) return;
    expect([parsed.value.tag, parsed.value.digest]).toEqual([tag ?? undefined, digest]);
    expect(text.startsWith(parsed.value.name)).toBe(true);
  });

  test.each(distribution.noReferences)("%j is no reference", (text) => {
    expect(parseImageReference(text)).toMatchObject({ ok: false, failure: { code: "malformed" } });
  });

  test.each(distribution.otherwise)("but %s is of the host %s", (text, registry) => {
    expect(parseImageReference(text)).toMatchObject({ ok: true, value: { registry } });
  });
});

/** What is found in a kustomization over a base with one image. */
function findEntry(base: string, entry: Readonly<Record<string, string>>): Found {
  const lines = Object.entries({ name: "web", ...entry }).map(([key, value]) => `${key}: "${value}"`);
  const texts = {
    "base/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: "${base}" }] } } }
`,
    "base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "live/kustomization.yaml": `resources: [../base]\nimages:\n  - ${lines.join("\n    ")}\n`,
  };
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
  const file = "live/kustomization.yaml";
  return findOccurrences(file, files.get(file)!, { files });
}

describe(`as ${kustomize.source}`, () => {
  test.each(kustomize.rendered)("$entry over $base is $rendered", ({ base, entry, rendered }) => {
    const parsed = parseImageReference(rendered);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const { name, tag = null, digest = null } = parsed.value;
    const { occurrences, skipped } = findEntry(base, entry);
    expect(occurrences.map((found) => [found.image, found.tag, found.digest])).toEqual([[name, tag, digest]]);
    expect(skipped).toEqual([]);
  });

  test.each(kustomize.told)("$entry over $base is $rendered, and told", ({ base, entry }) => {
    const { occurrences, skipped } = findEntry(base, entry);
    expect(occurrences).toEqual([]);
    expect(skipped).toHaveLength(1);
  });
});
