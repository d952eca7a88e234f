import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputsOf, readInputs, toolOf } from "../../src/manifests/app-inputs.ts";

function commit(files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

function inputs(files: Readonly<Record<string, string>>, path = "apps/web"): readonly string[] {
  return [...inputsOf(path, commit(files))].sort();
}

/** The three names that a kustomization may have: adding a second one changes what is built. */
const named = (folder: string): readonly string[] =>
  ["Kustomization", "kustomization.yaml", "kustomization.yml"].map((name) => `${folder}/${name}`);

describe("the inputs of plain manifests", () => {
  test("are those of the folder and below it, and nothing beside them", () => {
    const files = {
      "apps/web/a.yaml": "kind: A",
      "apps/web/deep/b.YML": "kind: B",
      "apps/web/c.json": "{}",
      "apps/web/README.md": "text",
      "apps/web/.hidden/d.yaml": "kind: D",
      "apps/web-2/e.yaml": "kind: E",
      "apps/we/f.yaml": "kind: F",
    };
    const tools = (folder: string) => [...named(folder), `${folder}/Chart.yaml`];
    const own = ["apps/web/a.yaml", "apps/web/c.json", "apps/web/deep/b.YML"];
    expect(inputs(files)).toEqual([...own, ...tools("apps/web")].sort());
    expect(inputs(files, ".")).toHaveLength(5 + 4);
    expect(inputs(files, "apps/none")).toEqual([...tools("apps/none")].sort());
  });
});

describe("the inputs of a kustomization", () => {
  const fields: readonly [field: string, yaml: string, path: string][] = [
    ["resources", "resources: [./a.yaml]", "apps/web/a.yaml"],
    ["resources that are not there", "resources: [gone.yaml]", "apps/web/gone.yaml"],
    ["resources elsewhere", "resources: [../../shared/a.yaml]", "shared/a.yaml"],
    ["bases", "bases: [../base/]", "apps/base/kustomization.yaml"],
    ["components", "components: [../../parts/tls]", "parts/tls/kustomization.yaml"],
    ["crds", "crds: [crds/types.json]", "apps/web/crds/types.json"],
    ["configurations", "configurations: [../names.yaml]", "apps/names.yaml"],
    ["openapi", "openapi: { path: ../schema.json }", "apps/schema.json"],
    ["patches", "patches: [{ path: ../p.yaml, target: { kind: X } }]", "apps/p.yaml"],
    ["strategic merge patches", "patchesStrategicMerge: [p.yaml]", "apps/web/p.yaml"],
    ["JSON patches", "patchesJson6902: [{ path: p.json }]", "apps/web/p.json"],
    ["replacements", "replacements: [{ path: r.yaml }]", "apps/web/r.yaml"],
    ["files of a generator", "configMapGenerator: [{ files: [x.conf] }]", "apps/web/x.conf"],
    ["files with a key", "configMapGenerator: [{ files: [k.conf=../x.conf] }]", "apps/x.conf"],
    ["envs", "secretGenerator: [{ envs: [../.env] }]", "apps/.env"],
    ["env", "configMapGenerator: [{ env: a.env }]", "apps/web/a.env"],
    ["generators", "generators: [g.yaml]", "apps/web/g.yaml"],
    ["transformers", "transformers: [../t]", "apps/t/kustomization.yaml"],
    ["validators", "validators: [v.yaml]", "apps/web/v.yaml"],
    ["values of a chart", "helmCharts: [{ name: a, valuesFile: ../v.yaml }]", "apps/v.yaml"],
    ["more values", "helmCharts: [{ name: a, additionalValuesFiles: [w.yaml] }]", "apps/web/w.yaml"],
    ["a chart", "helmCharts: [{ name: a }]", "apps/web/charts/a/templates/x.yaml"],
    [
      "a chart elsewhere",
      "helmGlobals: { chartHome: ../../charts }\nhelmCharts: [{ name: a }]",
      "charts/a/x.tpl",
    ],
    [
      "a chart by its version",
      "helmCharts: [{ name: a, version: 1.2.3 }]",
      "apps/web/charts/a-1.2.3/a/x.tpl",
    ],
    [
      "an inline plugin",
      "transformers:\n  - |\n    kind: PatchTransformer\n    path: ../p.yaml",
      "apps/p.yaml",
    ],
  ];

  test.each(fields)("%s", (_, yaml, path) => {
    const charts = {
      "apps/web/charts/a/templates/x.yaml": "",
      "charts/a/x.tpl": "",
      "apps/web/charts/a-1.2.3/a/x.tpl": "",
    };
    expect(inputs({ "apps/web/kustomization.yaml": yaml, ...charts })).toContain(path);
  });

  test("are not what lies beside it and is not named", () => {
    const own = { "apps/web/kustomization.yml": "resources: [a.yaml]", "apps/web/a.yaml": "" };
    const found = inputs({ ...own, "apps/web/b.yaml": "", "x.yaml": "" });
    expect(found).toEqual([...named("apps/web"), "apps/web/a.yaml"].sort());
  });

  test("go on through bases of bases, each once, and end in a circle", () => {
    const files = {
      "apps/web/kustomization.yaml": "resources: [../one]",
      "apps/one/kustomization.yaml": "resources: [../two, a.yaml]",
      "apps/two/Kustomization": "resources: [../web, ../one]\npatches: [{ path: b.yaml }]",
      "apps/one/a.yaml": "",
    };
    const folders = ["apps/web", "apps/one", "apps/two"];
    const expected = [...folders.flatMap(named), ...folders, "apps/one/a.yaml", "apps/two/b.yaml"];
    expect(inputs(files)).toEqual(expected.sort());
  });

  test("include what a plugin in a file names", () => {
    const files = {
      "apps/web/kustomization.yaml": "transformers: [t/patch.yaml, ../more]",
      "apps/web/t/patch.yaml": "kind: PatchTransformer\nmetadata: { name: p }\npath: t/one.yaml",
      "apps/more/kustomization.yaml": "resources: [inner.yaml]",
      "apps/more/inner.yaml": "kind: ConfigMapGenerator\nfiles: [x=two.txt]",
    };
    const found = inputs(files);
    expect(found).toContain("apps/web/t/one.yaml");
    expect(found).toContain("apps/web/two.txt");
  });

  test("stay within the repository", () => {
    const yaml = "resources: [../../../etc/passwd, /etc/passwd, ../../.., 'https://example.com/x.yaml']";
    const found = inputs({ "apps/web/kustomization.yaml": yaml });
    expect(found.filter((path) => path.includes("..") || path.startsWith("/"))).toEqual([]);
    expect(found.filter((path) => path.includes("passwd"))).toEqual([]);
  });

  test.each(["resources: [a.yaml\nx: y", "\u0000", "x: ".repeat(200_000), "resources:\n\t- a"])(
    "are the whole folder where it cannot be read",
    (broken) => {
      const files = { "apps/web/kustomization.yaml": broken, "apps/web/deep/b.txt": "", "x.txt": "" };
      const found = inputs(files);
      expect(found).toEqual(expect.arrayContaining([...named("apps/web"), "apps/web/deep/b.txt"]));
      expect(found).not.toContain("x.txt");
    },
  );
});

describe("the inputs of a chart", () => {
  const files = {
    "apps/web/Chart.yaml":
      "name: web\ndependencies: [{ name: lib, repository: file://../../charts/lib }, { name: x, repository: https://example.com }]",
    "apps/web/values.yaml": "",
    "apps/web/templates/_x.tpl": "",
    "apps/web/.helmignore": "",
    "charts/lib/Chart.yaml": "dependencies: [{ name: deep, repository: 'file://../deep' }]",
    "charts/lib/templates/a.yaml": "",
    "charts/deep/requirements.yaml": "dependencies: [{ name: lib, repository: 'file://../lib' }]",
    "charts/other/Chart.yaml": "",
  };

  test("are its folder and those of the charts that it takes from the repository", () => {
    const own = Object.keys(files).filter((path) => !path.includes("other"));
    const found = inputs(files).filter((path) => !named("apps/web").includes(path));
    expect(found.filter((path) => path in files)).toEqual(own.sort());
    const missing = ["apps/web/requirements.yaml", "charts/deep/Chart.yaml", "charts/lib/requirements.yaml"];
    expect(found.filter((path) => !(path in files))).toEqual(missing);
    const folders = ["apps/web", "charts/deep", "charts/lib"];
    expect([...readInputs("apps/web", commit(files)).folders].sort()).toEqual(folders);
  });

  test("are the values that the app's entry names too", () => {
    const found = inputsOf("apps/web", commit(files), ["../../values/staging.yaml", "../../../out.yaml"]);
    expect([...found].filter((path) => path.startsWith("values/") || path.includes("out"))).toEqual([
      "values/staging.yaml",
    ]);
  });
});

test("a kustomization comes before a chart, and a chart before plain manifests", () => {
  const files = { "a/kustomization.yaml": "", "a/Chart.yaml": "", "b/Chart.yaml": "", "c/x/Chart.yaml": "" };
  expect(["a", "b", "c"].map((path) => toolOf(path, commit(files)))).toEqual(["kustomize", "helm", "plain"]);
});

test("as long as what names inputs and the list of files stay, the inputs do", () => {
  const paths = ["a/x.yaml", "a/kustomization.yaml", "b/kustomization.yaml", "b/y.yaml", "c/Chart.yaml"];
  const texts = ["", "resources: [../b]", "resources: [y.yaml]", "transformers: [y.yaml]", "path: z.yaml"];
  const contents = fc.array(fc.constantFrom(...texts), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(contents, contents, (before, after) => {
      const first = commit(Object.fromEntries(paths.map((path, index) => [path, before[index]!])));
      const { files, naming } = readInputs("a", first);
      const second = new Map(
        [...first].map(([path, bytes], index) => [
          path,
          naming.has(path) ? bytes : Buffer.from(after[index]!),
        ]),
      );
      expect(inputsOf("a", second)).toEqual(files);
    }),
  );
});

test("five thousand files and five hundred apps are read in little time", () => {
  const files: Record<string, string> = {};
  for (let app = 0; app < 500; app += 1) {
    files[`apps/a${app}/kustomization.yaml`] =
      "resources: [../../base]\nimages: [{ name: x, newTag: '1' }]\n";
    for (let file = 0; file < 9; file += 1) files[`apps/a${app}/f${file}.yaml`] = "kind: X\n";
  }
  files["base/kustomization.yaml"] = "resources: [a.yaml]\n";
  const all = commit(files);
  const touched = Array.from({ length: 500 }, (_, app) => inputsOf(`apps/a${app}`, all)).filter((own) =>
    own.has("base/a.yaml"),
  );
  expect(touched).toHaveLength(500);
});
