import { describe, expect, test } from "vitest";
import { type Texts, deployment, map, real, refusal, render, rendererWith, commit } from "./tools-world.ts";

const kustomization = (text: string): Texts => ({ "apps/web/kustomization.yaml": text });
const file = "apps/web/kustomization.yaml";

const fetched = "is remote, and nothing is fetched: copy it into the repository";
const cases: readonly [name: string, files: Texts, message: string][] = [
  [
    "a file of a web server",
    kustomization("resources:\n  - https://example.com/a.yaml\n"),
    `${file}:2: "https://example.com/a.yaml" ${fetched}`,
  ],
  [
    "a repository by https",
    kustomization("resources: [x,\n  'https://github.com/acme/x//base?ref=v1']\n".replace("x,", "")),
    `${file}:2: "https://github.com/acme/x//base?ref=v1" ${fetched}`,
  ],
  [
    "a repository by its short name",
    kustomization("bases:\n  - github.com/acme/x/base\n"),
    `${file}:2: "github.com/acme/x/base" ${fetched}`,
  ],
  [
    "a repository by ssh",
    kustomization("components: ['git@github.com:acme/x.git']\n"),
    `${file}:1: "git@github.com:acme/x.git" ${fetched}`,
  ],
  [
    "a repository by a getter",
    kustomization("resources: ['git::https://example.com/x']\n"),
    `${file}:1: "git::https://example.com/x" ${fetched}`,
  ],
  [
    "anything with a ref",
    kustomization("resources: ['../x?ref=main']\n"),
    `${file}:1: "../x?ref=main" ${fetched}`,
  ],
  [
    "a remote patch",
    kustomization("patches:\n  - path: https://example.com/p.yaml\n"),
    `${file}:2: "https://example.com/p.yaml" ${fetched}`,
  ],
  [
    "a remote file in a generator",
    kustomization("configMapGenerator:\n  - name: a\n    files: ['k=https://example.com/k']\n"),
    `${file}:3: "https://example.com/k" ${fetched}`,
  ],
  [
    "a remote description of types",
    kustomization("openapi: { path: 'https://example.com/s.json' }\n"),
    `${file}:1: "https://example.com/s.json" ${fetched}`,
  ],
  [
    "a remote list of fields",
    kustomization("configurations: ['http://example.com/c.yaml']\n"),
    `${file}:1: "http://example.com/c.yaml" ${fetched}`,
  ],
  [
    "a path out of the repository",
    kustomization("resources:\n  - ../../../secret.yaml\n"),
    `${file}:2: "../../../secret.yaml" lies outside the repository`,
  ],
  [
    "an absolute path",
    kustomization("secretGenerator: [{ name: a, files: [/etc/passwd] }]\n"),
    `${file}:1: "/etc/passwd" is absolute: name it from this folder`,
  ],
  [
    "a resource that is not there",
    kustomization("resources: [gone]\n"),
    `${file}:1: "gone" is neither a file nor a folder with a kustomization of the repository`,
  ],
  [
    "a file that is not there",
    kustomization("patches: [{ path: gone.yaml }]\n"),
    `${file}:1: "gone.yaml" is not a file of the repository`,
  ],
  [
    "the same in a base",
    {
      ...kustomization("resources: [../base]\n"),
      "apps/base/kustomization.yaml": "# base\nresources: [gone]\n",
    },
    'apps/base/kustomization.yaml:2: "gone" is neither a file nor a folder with a kustomization of the repository',
  ],
  [
    "a remote chart",
    kustomization("helmCharts:\n  - name: redis\n    repo: https://charts.example\n"),
    `${file}:3: the chart is remote, and nothing is fetched: copy it into the repository and leave repo out`,
  ],
  [
    "a chart that is not there",
    kustomization("helmCharts:\n  - name: redis\n"),
    `${file}:2: the chart "redis" is not at apps/web/charts/redis`,
  ],
  [
    "settings of Helm",
    kustomization("helmGlobals: { configHome: /root }\n"),
    `${file}:1: Helm has no configuration here: leave configHome out`,
  ],
  [
    "the outdated way to charts",
    kustomization("helmChartInflationGenerator:\n  - chartName: redis\n"),
    `${file}:2: helmChartInflationGenerator is outdated: use helmCharts`,
  ],
  [
    "a plugin",
    {
      ...kustomization("generators: [g.yaml]\n"),
      "apps/web/g.yaml": "apiVersion: acme.dev/v1\nkind: Maker\nmetadata: { name: m }\n",
    },
    `${file}:1: the plugin Maker would be run as a program: only kustomize's own are`,
  ],
  [
    "a plugin in place",
    kustomization(
      "transformers:\n  - |-\n    apiVersion: acme.dev/v1\n    kind: Changer\n    metadata: { name: m }\n",
    ),
    `${file}:2: the plugin Changer would be run as a program: only kustomize's own are`,
  ],
  [
    "a plugin that takes in a chart",
    {
      ...kustomization("generators: [g.yaml]\n"),
      "apps/web/g.yaml": "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: { name: m }\n",
    },
    "apps/web/g.yaml:1: a chart is named under helmCharts, not by a plugin",
  ],
  [
    "a plugin of kustomize's own that fetches",
    {
      ...kustomization("transformers: [../t]\n"),
      "apps/t/kustomization.yaml": "resources: [p.yaml]\n",
      "apps/t/p.yaml":
        "# p\napiVersion: builtin\nkind: PatchTransformer\nmetadata: { name: m }\npath: https://example.com/p\n",
    },
    `apps/t/p.yaml:2: "https://example.com/p" ${fetched}`,
  ],
  [
    "a function in a container",
    {
      ...kustomization("resources: [f.yaml]\n"),
      "apps/web/f.yaml":
        "kind: X\nmetadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container: { image: x }\n",
    },
    "apps/web/f.yaml:4: a function would be run as a program: none is",
  ],
  [
    "a function that is a program",
    {
      ...kustomization("validators: [f.yaml]\n"),
      "apps/web/f.yaml":
        "metadata: { annotations: {\n  'config.k8s.io/function': 'exec: { path: ./x }' } }\n",
    },
    "apps/web/f.yaml:2: a function would be run as a program: none is",
  ],
  [
    "an encrypted resource",
    {
      ...kustomization("resources: [s.yaml]\n"),
      "apps/web/s.yaml": "kind: Secret\nstringData:\n  key: ENC[AES256_GCM,data:abc,iv:x]\n",
    },
    "apps/web/s.yaml:3: cannot be applied as it is: it is encrypted by SOPS",
  ],
  [
    "an encrypted file of a generator",
    {
      ...kustomization("secretGenerator: [{ name: s, envs: [s.env] }]\n"),
      "apps/web/s.env": "# keys\nKEY=ENC[AES256_GCM,data:abc,iv:x]\n",
    },
    "apps/web/s.env:2: cannot be applied as it is: it is encrypted by SOPS",
  ],
  ["a kustomization that cannot be read", kustomization("resources: [\n"), `${file}:1: not valid YAML`],
];

describe("what is refused of kustomizations before anything is run, by file and line", () => {
  test.each(cases)("%s", async (_, files, message) => {
    expect(await refusal(files)).toBe(`unsupported ${message}`);
  });

  test.each<[string, Texts, string]>([
    ["a link that is named", { "apps/web/a.yaml": "a symbolic link" }, "apps/web/a.yaml: a symbolic link"],
    [
      "a link on the way",
      { "apps/web/sub": "a symbolic link" },
      "apps/web/sub/a.yaml: apps/web/sub is a symbolic link",
    ],
    ["a submodule", { "apps/web/sub": "a submodule" }, "apps/web/sub/a.yaml: apps/web/sub is a submodule"],
  ])("%s", async (name, skipped, message) => {
    const path = name === "a link that is named" ? "a.yaml" : "sub/a.yaml";
    expect(await refusal(kustomization(`resources: [${path}]\n`), {}, skipped)).toBe(
      `unsupported ${message}`,
    );
  });

  test("but not for what it does not read", async () => {
    const files = { ...kustomization("resources: [m.yaml]\n"), "apps/web/m.yaml": map("m") };
    const others = {
      "apps/web/other.yaml": "a: ENC[AES256_GCM,data:x]\n",
      "x/kustomization.yaml": "resources: [gone]",
    };
    const result = await render({ ...files, ...others }, {}, { "apps/web/link": "a symbolic link" });
    expect(result.ok || result.failure.message.includes("kustomize")).toBe(true);
  });
});

describe.skipIf(real.kustomize === null)("what is refused of what comes out", () => {
  const withResource = (text: string): Texts => ({
    ...kustomization("resources: [r.yaml]\nnamePrefix: x-\n"),
    "apps/web/r.yaml": text,
  });

  test("a variable, with the file and line that it stands on", async () => {
    const image = "registry.example/web:${TAG}";
    expect(await refusal(withResource(`# a\n${deployment("web", image)}`))).toBe(
      "unsupported apps/web/r.yaml:13: cannot be applied as it is: it holds a ${variable} that nothing here fills in",
    );
  });

  test("template syntax", async () => {
    expect(await refusal(withResource(map('"{{ .Values.x }}"')))).toMatch(/r\.yaml:4: .*template syntax/);
  });

  test("but not what scripts, arguments and values of variables hold", async () => {
    const script = map("m", "run.sh: |\n    echo ${HOME} ${TAG:-none}");
    const web = deployment("web").replace(
      "          image",
      "          args: ['${A}']\n          env: [{ name: A, value: '${B}' }]\n          image",
    );
    expect(await render(withResource(`${script}---\n${web}`))).toMatchObject({ ok: true });
  });

  test("a resource that is no object, as kustomize says it", async () => {
    expect(await refusal(withResource("just text\n"))).toMatch(
      /^rejected apps\/web\/kustomization\.yaml:1: kustomize fails: /,
    );
  });
});

test.each([
  ["kustomize 5", kustomization("resources: []\n"), file, "LOCKKEEPER_KUSTOMIZE"],
  ["helm 3", { "apps/web/Chart.yaml": "name: x\n" }, "apps/web/Chart.yaml", "LOCKKEEPER_HELM"],
])(
  "without %s only those apps are refused that need it, saying what to install",
  async (what, files, at, setting) => {
    const bare = rendererWith({ kustomize: null, helm: null, searchPath: "/nonexistent" });
    expect(await bare.render(commit(files), { path: "apps/web" })).toMatchObject({
      ok: false,
      failure: {
        code: "unsupported",
        message: `${at}:1: needs ${what} or newer, and is not on the PATH: install it, or name the program in ${setting}`,
      },
    });
    expect(await bare.render(commit({ "apps/web/m.yaml": map("m") }), { path: "apps/web" })).toMatchObject({
      ok: true,
    });
  },
);
