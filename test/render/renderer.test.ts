import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/repository.ts";
import { createRenderer } from "../../src/render/renderer.ts";
import { createThreads } from "../../src/threads/create-threads.ts";

const renderer = createRenderer(createThreads());

function snapshot(files: Record<string, string>, skipped: Record<string, string> = {}): Snapshot {
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  return { sha: "a".repeat(40), files: new Map(bytes), skipped: new Map(Object.entries(skipped)) };
}

async function render(files: Record<string, string>, skipped: Record<string, string> = {}) {
  return renderer.render(snapshot(files, skipped), { path: "apps/web" });
}

async function refusal(text: string): Promise<string> {
  const result = await render({ "apps/web/a.yaml": text });
  return result.ok ? "no refusal" : `${result.failure.code} ${result.failure.message}`;
}

const map = (name: string, extra = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}`;

describe("what is rendered", () => {
  test("every manifest below the folder, in order of path, each object with its line", async () => {
    const result = await render({
      "apps/web/b.json": JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }),
      "apps/web/a/deep.yml": `# first\n---\n${map("one")}---\n${map("two")}`,
      "apps/web/README.md": "# not a manifest",
      "apps/web/.hidden/x.yaml": "nothing: here",
      "apps/website/x.yaml": map("other"),
    });
    if (!result.ok) throw new Error(result.failure.message);
    const found = result.value.objects.map((each) => [each.object.metadata.name, each.file, each.line]);
    expect(found).toEqual([
      ["one", "apps/web/a/deep.yml", 3],
      ["two", "apps/web/a/deep.yml", 8],
      ["s", "apps/web/b.json", 1],
    ]);
    expect(result.value.inputs).toEqual(["apps/web/a/deep.yml", "apps/web/b.json"]);
  });

  test("the items of a list, each with its own line", async () => {
    const text =
      "apiVersion: v1\nkind: List\nitems:\n" +
      "  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n" +
      "  - { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n";
    const result = await render({ "apps/web/a.yaml": text });
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.objects.map((each) => [each.object.metadata.name, each.line])).toEqual([
      ["a", 4],
      ["b", 5],
    ]);
  });

  test("values as Kubernetes reads YAML: octal modes and yes, but no base 60 and no dates", async () => {
    const extra = "spec: { mode: 0644, on: yes, port: 22:22, day: 2026-01-02 }\n";
    const result = await render({ "apps/web/a.yaml": map("a", extra) });
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.objects[0]?.object["spec"]).toEqual({
      mode: 420,
      true: true,
      port: "22:22",
      day: "2026-01-02",
    });
  });

  test("an empty folder is an empty rendering", async () => {
    expect(await render({})).toEqual({ ok: true, value: { objects: [], inputs: [] } });
    expect(await render({ "apps/web/a.yaml": "# only a comment\n---\n" })).toMatchObject({
      value: { objects: [] },
    });
  });

  test("scripts and alert texts may hold any syntax", async () => {
    const free = map("a", "data:\n  run.sh: |\n    echo ${HOME} {{ value }}\n");
    const rule = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: r }\nspec: { text: "{{ $labels.pod }}" }\n`;
    expect(await render({ "apps/web/a.yaml": free, "apps/web/b.yaml": rule })).toMatchObject({ ok: true });
  });
});

describe("what is refused, by file and line", () => {
  const cases: readonly [string, string, RegExp][] = [
    [
      "a Secret whose value is no YAML, without quoting it",
      "kind: Secret\nstringData:\n  password: |hunter2\n",
      /^malformed apps\/web\/a\.yaml:3: not valid YAML \(unexpected token\)$/,
    ],
    ["broken YAML", "a: [1\nb: 2", /^malformed apps\/web\/a\.yaml:\d/],
    [
      "duplicate keys",
      map("a", "data: { x: a }\ndata: { x: b }\n"),
      /^malformed apps\/web\/a\.yaml:6: not valid YAML \(duplicate key\)$/,
    ],
    ["no kind", "apiVersion: v1\nmetadata: { name: a }", /a\.yaml:1: has no kind/],
    ["no name", "apiVersion: v1\nkind: Pod\nmetadata: {}", /has no metadata\.name/],
    ["generateName", "apiVersion: v1\nkind: Pod\nmetadata: { generateName: a- }", /generateName/],
    ["not an object", "- 1\n- 2", /not a Kubernetes object/],
    ["SOPS by its key", map("a", "sops: { mac: x }\n"), /^unsupported apps\/web\/a\.yaml:5: .*SOPS/],
    ["SOPS by its text", map("a", 'data: { x: "ENC[AES256_GCM,data:x]" }\n'), /a\.yaml:5: .*SOPS/],
    ["a template in quotes", map('"{{ .Values.name }}"'), /a\.yaml:4: .*template/],
    ["a bare template", map("{{ .Values.name }}"), /a\.yaml:4: .*template/],
    ["template control", `{{- if .Values.on }}\n${map("a")}{{- end }}\n`, /a\.yaml:1: .*template/],
    ["a variable", map("a-${ENV}"), /a\.yaml:4: .*variable/],
    ["a deep nest", `a: ${"[".repeat(65)}`, /^too-large .*nested deeper/],
    ["a deep block", Array.from({ length: 70 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), /nested deeper/],
    ["compact entries", `${"- ".repeat(70)}a`, /nested deeper/],
    ["a mebibyte", `a: ${"x".repeat(1_048_576)}`, /^too-large .*1 MiB/],
    ["billion laughs", laughs(), /too-large .*aliases/],
    ["a wide mapping", Array.from({ length: 5_001 }, (_, i) => `k${i}: 1`).join("\n"), /5000 keys/],
  ];
  test.each(cases)("%s", async (_, text, message) => {
    expect(await refusal(text)).toMatch(message);
  });

  test.each(["kustomization.yaml", "base/kustomization.yml", "Chart.yaml"])(
    "a folder with %s",
    async (name) => {
      const result = await render({ [`apps/web/${name}`]: "resources: []" });
      expect(result).toMatchObject({ ok: false, failure: { code: "unsupported" } });
    },
  );

  test("a symbolic link below the folder, but not one elsewhere", async () => {
    const linked = await render({}, { "apps/web/link.yaml": "a symbolic link" });
    expect(linked).toMatchObject({ failure: { message: "apps/web/link.yaml: a symbolic link" } });
    expect(await render({}, { "other/link.yaml": "a symbolic link" })).toMatchObject({ ok: true });
  });
});

test("no input whatever makes it throw", async () => {
  const pieces = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "- ",
    "[",
    "{",
    "}",
    '"',
    "'",
    "&a",
    "*a",
    "<<",
    "|",
    "---",
    "!!js",
    "\t",
    "%",
  );
  const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const result = await render({ "apps/web/a.yaml": text });
      return result.ok || result.failure.message.startsWith("apps/web/a.yaml");
    }),
    { numRuns: 500 },
  );
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

function laughs(): string {
  const levels = Array.from({ length: 8 }, (_, i) => {
    const of =
      i === 0
        ? '"ha"'
        : Array(9)
            .fill(`*l${i - 1}`)
            .join(", ");
    return `l${i}: &l${i} [${of}]`;
  });
  return levels.join("\n");
}
