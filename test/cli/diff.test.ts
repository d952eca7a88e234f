import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runDiff } from "../../src/cli/diff.ts";
import { connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { type SandboxCluster, startCluster } from "../../src/sandbox/cluster.ts";
import { findTool } from "../real/render-tools.ts";

let cluster: SandboxCluster;
let directory: string;

beforeAll(async () => {
  cluster = await startCluster();
  directory = await mkdtemp(join(tmpdir(), "lockkeeper-diff-"));
});
afterAll(async () => {
  await cluster.stop();
  await rm(directory, { recursive: true, force: true });
});

const [kustomize, helm] = [findTool("kustomize"), findTool("helm")];
const tools = {
  LOCKKEEPER_KUSTOMIZE: kustomize ?? "",
  LOCKKEEPER_HELM: helm ?? "",
  PATH: process.env["PATH"],
};

let folders = 0;

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(directory, String(++folders));
  await mkdir(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

async function diff(
  files: Readonly<Record<string, string>>,
  options = {},
): Promise<{ code: number; out: string; error: string }> {
  const said = { out: "", error: "" };
  const code = await runDiff(await folder(files), options, {
    env: { KUBECONFIG: cluster.kubeconfig, ...tools },
    out: (text) => (said.out += text),
    error: (text) => (said.error += text),
    watched: false,
  });
  return { code, ...said };
}

async function apply(object: KubernetesObject, manager = "lockkeeper"): Promise<void> {
  const connected = await connectCluster({ kubeconfigFile: cluster.kubeconfig });
  if (!connected.ok) throw new Error(connected.failure.message);
  const applied = await connected.value.apply(object, { manager, force: true, dryRun: false, as: "self" });
  await connected.value.close();
  if (!applied.ok) throw new Error(applied.failure.message);
}

const configMap = (name: string, data: Record<string, string>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", labels: { "lockkeeper.dev/app": "abc" } },
  data,
});
const manifest = (kind: string, name: string, rest: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n${rest}\n`;

const data = (text: string): Record<string, string> => ({ key: Buffer.from(text).toString("base64") });

describe("lockkeeper diff", () => {
  test("is silent about what is equal, whatever others added", async () => {
    await apply(configMap("same", { a: "1" }));
    await apply(configMap("same", { b: "2" }), "somebody");
    const result = await diff({ "a.yaml": manifest("ConfigMap", "same", "data: { a: '1' }") });
    expect(result).toEqual({ code: 0, out: "1 object unchanged.\n", error: "" });
  });

  test("tells what would be changed, created and given up, and changes nothing", async () => {
    await apply(configMap("old", { a: "1", gone: "x" }));
    await apply(configMap("old", { a: "2" }), "kubectl-edit");
    const files = {
      "sub/a.yaml": manifest("ConfigMap", "old", "data: { a: '1' }"),
      "b.yaml": manifest("ConfigMap", "new", "data: { a: '1' }"),
    };
    const { code, out } = await diff(files, { json: true });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      objects: [
        {
          object: "ConfigMap default/new",
          file: "b.yaml",
          line: 1,
          change: "created",
          reason: null,
          fields: [],
        },
        {
          object: "ConfigMap default/old",
          file: "sub/a.yaml",
          line: 1,
          change: "changed",
          reason: null,
          fields: [
            { path: "data.a", from: "2", to: "1", writtenBy: "kubectl-edit" },
            { path: "data.gone", from: "x", to: null, writtenBy: null },
          ],
        },
      ],
    });
    expect(await diff(files, { json: true })).toMatchObject({ code, out });
    expect((await diff(files)).out).toContain("  data.a: 2 -> 1  (written by kubectl-edit)");
  });

  test("shows no value of a Secret", async () => {
    await apply({ ...configMap("s", data("canary-live")), kind: "Secret" });
    const { code, out } = await diff({
      "s.yaml": manifest("Secret", "s", "stringData: { key: canary-git }"),
    });
    expect(code).toBe(1);
    expect(out).toContain("data.key: (hidden) -> (hidden)");
    expect(out).not.toContain("canary");
    expect(out).not.toContain(data("canary-live")["key"]);
  });

  test("takes the apps of a configuration with their namespaces", async () => {
    await apply({ ...configMap("x", {}), kind: "Namespace", data: undefined, metadata: { name: "web-a" } });
    await apply({ ...configMap("app", { a: "1" }), metadata: { name: "app", namespace: "web-a" } });
    const { code, out, error } = await diff({
      ".github/lockkeeper.yml": 'apps: [{ match: "apps/{app}", namespace: "web-{app}", mode: apply }]\n',
      "apps/a/m.yaml": manifest("ConfigMap", "app", "data: { a: '2' }"),
      "README/x.yaml": "not: rendered",
    });
    expect(error).toBe("");
    expect(out).toContain("ConfigMap web-a/app would be changed (apps/a/m.yaml:1)");
    expect(code).toBe(1);
  });

  test.each([
    ["a manifest that cannot be rendered", { "a.yaml": "a: [" }, /^a\.yaml:/],
    ["a configuration that is broken", { ".github/lockkeeper.yml": "apps: 1" }, /apps/],
  ])("ends with 2 for %s", async (_, files, message) => {
    const { code, error } = await diff(files);
    expect(code).toBe(2);
    expect(error).toMatch(message);
  });

  test("ends with 2 for a kind that the cluster does not know, naming it", async () => {
    const { code, out } = await diff({
      "a.yaml": "apiVersion: acme.dev/v1\nkind: Thing\nmetadata: { name: x }\n",
    });
    expect(code).toBe(2);
    expect(out).toMatch(/Thing\.acme\.dev x cannot be compared/);
  });
});

test.skipIf(kustomize === null || helm === null)("kustomizations and charts are rendered", async () => {
  const files = {
    ".github/lockkeeper.yml":
      "apps:\n  - { path: apps/kustomized, namespace: default, mode: apply }\n  - { path: apps/charted, namespace: default, mode: apply, helm: { release: diffed, values: [../v.yaml] } }\n",
    "apps/kustomized/kustomization.yaml": "resources: [../../base]\nnamePrefix: diffed-\n",
    "base/kustomization.yaml":
      "configMapGenerator:\n  - { name: one, files: [a.txt], options: { disableNameSuffixHash: true } }\n",
    "base/a.txt": "text\n",
    "apps/charted/Chart.yaml": "apiVersion: v2\nname: two\nversion: 1.0.0\n",
    "apps/charted/templates/m.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: '{{ .Release.Name }}-two' }\ndata: { size: '{{ .Values.size }}' }\n",
    "apps/v.yaml": "size: 9\n",
  };
  const { code, out, error } = await diff(files);
  expect({ code, error }).toEqual({ code: 1, error: "" });
  expect(out).toContain("diffed-one");
  expect(out).toContain("diffed-two");
});
