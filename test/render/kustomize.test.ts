import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type Texts, deployment, map, real, render } from "./tools-world.ts";

/** What `kustomize build` writes of the same files, run by hand in a folder of its own. */
function byHand(files: Texts, path: string): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), "lockkeeper-by-hand-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const charts = ["--enable-helm", "--helm-command", real.helm ?? "helm"];
    const args = ["build", path, "--load-restrictor", "LoadRestrictionsNone", ...charts];
    const output = execFileSync(real.kustomize ?? "kustomize", args, { cwd: folder, encoding: "utf8" });
    return [...parseAllDocuments(output)].map((document): unknown => document.toJS());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kustomization = (text: string): Texts => ({ "apps/web/kustomization.yaml": text });
const own = { "apps/web/deployment.yaml": deployment("web") };
const base = {
  "base/kustomization.yaml": "resources: [deployment.yaml, service.yaml]\n",
  "base/deployment.yaml": deployment("web"),
  "base/service.yaml":
    "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n",
};
const patch =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 3, template: { spec: { containers: [{ name: web, env: [{ name: A, value: b }] }] } } }\n";
const chart = {
  "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "charts/shop/values.yaml": "replicas: 1\n",
  "charts/shop/templates/d.yaml": deployment("shop").replace(
    "spec:",
    "spec:\n  replicas: {{ .Values.replicas }}",
  ),
};

const shapes: readonly [name: string, files: Texts][] = [
  ["plain resources", { ...kustomization("resources: [deployment.yaml]\n"), ...own }],
  ["a base", { ...kustomization("resources: [../../base]\n"), ...base }],
  ["the outdated list of bases", { ...kustomization("bases: [../../base]\n"), ...base }],
  [
    "a base of a base",
    {
      ...kustomization("resources: [../middle]\nnamePrefix: a-\n"),
      "apps/middle/kustomization.yml": "resources: [../../base]\nnameSuffix: -z\n",
      ...base,
    },
  ],
  [
    "a component",
    {
      ...kustomization("resources: [../../base]\ncomponents: [../../parts/more]\n"),
      "parts/more/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{ path: patch.yaml }]\n",
      "parts/more/patch.yaml": patch,
      ...base,
    },
  ],
  [
    "a generator with a hash, and what refers to it",
    {
      ...kustomization(
        "resources: [deployment.yaml]\nconfigMapGenerator:\n  - name: settings\n    literals: [a=b]\n    files: [app.conf, other.conf=../other.conf]\n",
      ),
      "apps/web/app.conf": "x = 1\n",
      "apps/other.conf": "y = 2\n",
      "apps/web/deployment.yaml": deployment("web").replace(
        "          image",
        "          envFrom: [{ configMapRef: { name: settings } }]\n          image",
      ),
    },
  ],
  [
    "a generator of secrets from an environment file",
    {
      ...kustomization("secretGenerator:\n  - name: keys\n    envs: [keys.env]\n    type: Opaque\n"),
      "apps/web/keys.env": "A=b\nC=d\n",
    },
  ],
  [
    "a generator without a hash, merged",
    {
      ...kustomization(
        "resources: [../../base2]\nconfigMapGenerator:\n  - { name: c, behavior: merge, literals: [x=y] }\ngeneratorOptions: { disableNameSuffixHash: true, labels: { a: b } }\n",
      ),
      "base2/kustomization.yaml": "configMapGenerator: [{ name: c, literals: [a=b] }]\n",
    },
  ],
  [
    "a patch in a file",
    {
      ...kustomization("resources: [../../base]\npatches: [{ path: p.yaml }]\n"),
      "apps/web/p.yaml": patch,
      ...base,
    },
  ],
  [
    "a patch in place with a target",
    {
      ...kustomization(
        "resources: [../../base]\npatches:\n  - target: { kind: Deployment }\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/image\n        value: other:2\n",
      ),
      ...base,
    },
  ],
  [
    "outdated patches",
    {
      ...kustomization(
        "resources: [../../base]\npatchesStrategicMerge: [p.yaml]\npatchesJson6902: [{ path: j.yaml, target: { version: v1, kind: Service, name: web } }]\n",
      ),
      "apps/web/p.yaml": patch,
      "apps/web/j.yaml": "- { op: add, path: /spec/type, value: NodePort }\n",
      ...base,
    },
  ],
  [
    "a replacement in a file",
    {
      ...kustomization("resources: [../../base]\nreplacements: [{ path: r.yaml }]\n"),
      "apps/web/r.yaml":
        "source: { kind: Service, name: web, fieldPath: metadata.name }\ntargets:\n  - select: { kind: Deployment }\n    fieldPaths: [spec.template.spec.containers.0.name]\n",
      ...base,
    },
  ],
  [
    "images",
    {
      ...kustomization("resources: [../../base]\nimages: [{ name: registry.example/web, newTag: '2.10' }]\n"),
      ...base,
    },
  ],
  [
    "names and namespace",
    {
      ...kustomization("resources: [../../base]\nnamePrefix: p-\nnameSuffix: -s\nnamespace: shop\n"),
      ...base,
    },
  ],
  [
    "labels and annotations",
    {
      ...kustomization(
        "resources: [../../base]\nlabels: [{ pairs: { a: b }, includeSelectors: true }]\ncommonAnnotations: { note: 'yes' }\n",
      ),
      ...base,
    },
  ],
  [
    "replicas",
    { ...kustomization("resources: [../../base]\nreplicas: [{ name: web, count: 5 }]\n"), ...base },
  ],
  [
    "an order of its own",
    { ...kustomization("resources: [../../base]\nsortOptions: { order: legacy }\n"), ...base },
  ],
  [
    "its own build metadata",
    {
      ...kustomization("resources: [../../base]\nbuildMetadata: [originAnnotations, managedByLabel]\n"),
      ...base,
    },
  ],
  [
    "a kustomization in flow style, without an end of line",
    { ...kustomization("{ resources: [deployment.yaml], namePrefix: f- }"), ...own },
  ],
  ["a kustomization in JSON", { "apps/web/Kustomization": '{"resources": ["deployment.yaml"]}\n', ...own }],
  [
    "a transformer of kustomize's own, in a file",
    {
      ...kustomization("resources: [deployment.yaml]\ntransformers: [t.yaml]\n"),
      "apps/web/t.yaml":
        "apiVersion: builtin\nkind: PrefixSuffixTransformer\nmetadata: { name: t }\nprefix: t-\nfieldSpecs: [{ path: metadata/name }]\n",
      ...own,
    },
  ],
  [
    "a generator of kustomize's own, in place",
    kustomization(
      "generators:\n  - |-\n    apiVersion: builtin\n    kind: ConfigMapGenerator\n    metadata: { name: g }\n    literals: [a=b]\n",
    ),
  ],
  [
    "settings of fields that names stand in",
    {
      ...kustomization("resources: [thing.yaml, m.yaml]\nnamePrefix: x-\nconfigurations: [names.yaml]\n"),
      "apps/web/names.yaml":
        "nameReference: [{ kind: ConfigMap, fieldSpecs: [{ kind: Thing, path: spec/map }] }]\n",
      "apps/web/thing.yaml":
        "apiVersion: acme.dev/v1\nkind: Thing\nmetadata: { name: t }\nspec: { map: m }\n",
      "apps/web/m.yaml": map("m"),
    },
  ],
  [
    "a list and several documents",
    {
      ...kustomization("resources: [all.yaml]\n"),
      "apps/web/all.yaml": `${map("a")}---\n${map("b")}---\napiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }\n`,
    },
  ],
  [
    "scripts and numbers that look like other types",
    {
      ...kustomization("resources: [m.yaml]\n"),
      "apps/web/m.yaml": map(
        "m",
        'on: "yes"\n  mode: "0644"\n  run.sh: |\n    echo ${HOME} {{ x }}\n    ---\n    done',
      ),
    },
  ],
];

describe.skipIf(real.kustomize === null)("kustomize builds as it does by hand", () => {
  test.each(shapes)("%s", async (_, files) => {
    const result = await render(files);
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.objects.map(({ object }) => object)).toEqual(byHand(files, "apps/web"));
    expect(result.value.objects.length).toBeGreaterThan(0);
  });
});

describe.skipIf(real.kustomize === null || real.helm === null)("charts in a kustomization", () => {
  const inflated = (more: string): Texts =>
    kustomization(
      `helmGlobals: { chartHome: ../../charts }\nhelmCharts:\n  - { name: shop, releaseName: r, namespace: shop${more} }\nnamePrefix: k-\n`,
    );

  test.each<[string, Texts]>([
    ["with its values", { ...inflated(""), ...chart }],
    ["with values in place", { ...inflated(", valuesInline: { replicas: 4 }"), ...chart }],
    [
      "with values of a file",
      { ...inflated(", valuesFile: v.yaml"), "apps/web/v.yaml": "replicas: 7\n", ...chart },
    ],
  ])("%s", async (_, files) => {
    const result = await render(files);
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.objects.map(({ object }) => object)).toEqual(byHand(files, "apps/web"));
    expect(result.value.inputs).toContain("charts/shop/templates/d.yaml");
  });
});

describe.skipIf(real.kustomize === null)("what is told of each object", () => {
  test("is the file that it comes from, and the line where that is found", async () => {
    const files = {
      ...kustomization(
        "resources: [../../base, all.yaml]\nnamePrefix: x-\nconfigMapGenerator: [{ name: g, literals: [a=b] }]\n",
      ),
      "apps/web/all.yaml": `# two\n${map("one")}---\n# the other\n${map("two")}`,
      ...base,
    };
    const result = await render(files);
    if (!result.ok) throw new Error(result.failure.message);
    const places = result.value.objects.map(
      ({ object, file, line }) => `${object.metadata.name} ${file}:${line}`,
    );
    expect(places.map((place) => place.replace(/-[a-z0-9]{10} /, " ")).sort()).toEqual([
      "x-g apps/web/kustomization.yaml:1",
      "x-one apps/web/all.yaml:2",
      "x-two apps/web/all.yaml:10",
      "x-web base/deployment.yaml:1",
      "x-web base/service.yaml:1",
    ]);
    expect(JSON.stringify(result.value.objects)).not.toContain("config.kubernetes.io");
  });

  test("are the inputs that are there", async () => {
    const result = await render({
      ...kustomization("resources: [../../base]\n"),
      ...base,
      "base/unread.yaml": "",
    });
    const inputs = ["apps/web/kustomization.yaml", ...Object.keys(base)].sort();
    expect(result).toMatchObject({ ok: true, value: { inputs } });
  });
});
