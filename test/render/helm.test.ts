import { describe, expect, test } from "vitest";
import { type Texts, deployment, map, real, refusal, render } from "./tools-world.ts";

const chart = (folder: string, name: string, more = ""): Texts => ({
  [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`,
});
const own = (more = ""): Texts => chart("apps/web", "web", more);
const template = map(
  "{{ .Release.Name }}-m",
  "where: {{ .Release.Namespace }}\n  size: {{ .Values.size | quote }}",
);
const simple: Texts = {
  ...own(),
  "apps/web/values.yaml": "size: 1\n",
  "apps/web/templates/m.yaml": template,
};
const file = "apps/web/templates/m.yaml";

async function objects(files: Texts, app: Parameters<typeof render>[1] = {}) {
  const result = await render(files, app);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value.objects;
}

async function names(files: Texts, app: Parameters<typeof render>[1] = {}): Promise<readonly string[]> {
  return (await objects(files, app)).map(({ object }) => object.metadata.name).sort();
}

describe.skipIf(real.helm === null)("a chart of the repository", () => {
  test("is told the app's name and namespace, and takes the values that its entry names, in order", async () => {
    const files = {
      ...simple,
      "apps/web/more.yaml": "size: 2\n",
      "values/production.yaml": "size: 3\n",
    };
    const app = { name: "web-production", namespace: "shop" };
    const [first] = await objects(files, app);
    expect(first).toMatchObject({
      object: { metadata: { name: "web-production-m" }, data: { where: "shop", size: "1" } },
      file,
      line: 1,
    });
    const helm = { release: "live", values: ["more.yaml", "../../values/production.yaml"] };
    const [second] = await objects(files, { ...app, helm });
    expect(second?.object).toMatchObject({ metadata: { name: "live-m" }, data: { size: "3" } });
  });

  test("brings its definitions, its charts within, and those that it takes from the repository", async () => {
    const files = {
      ...own(
        "dependencies:\n  - { name: lib, version: 1.0.0, repository: file://../../charts/lib }\n  - { name: kept, version: 1.0.0, repository: 'https://charts.example' }\n",
      ),
      "apps/web/values.yaml": "lib: { size: 5 }\n",
      "apps/web/crds/c.yaml":
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.acme.dev }\n",
      ...chart("apps/web/charts/kept", "kept"),
      "apps/web/charts/kept/templates/k.yaml": map("kept"),
      ...chart(
        "charts/lib",
        "lib",
        "dependencies: [{ name: deep, version: 1.0.0, repository: 'file://../deep' }]\n",
      ),
      "charts/lib/templates/l.yaml": map("lib", "size: {{ .Values.size | quote }}"),
      ...chart("charts/deep", "deep"),
      "charts/deep/templates/d.yaml": map("deep"),
    };
    expect(await names(files)).toEqual(["deep", "kept", "lib", "things.acme.dev"]);
    const found = (await objects(files)).find(({ object }) => object.metadata.name === "lib");
    expect(found?.object["data"]).toEqual({ size: "5" });
  });

  test("leaves out what only helm test would run, and brings every other hook", async () => {
    const hook = (name: string) =>
      deployment("check").replace("metadata:\n", `metadata:\n  annotations: { helm.sh/hook: "${name}" }\n`);
    expect(await names({ ...simple, "apps/web/templates/t.yaml": hook("test") })).toEqual(["web-m"]);
    const some = await names({ ...simple, "apps/web/templates/t.yaml": hook("pre-install,post-upgrade") });
    expect(some).toEqual(["check", "web-m"]);
  });

  test("is not asked of a cluster, and a list of charts in it is taken as it is", async () => {
    const looked = map("looked", 'found: {{ lookup "v1" "Secret" "kube-system" "x" | len | quote }}');
    const [only] = await objects({ ...own(), "apps/web/templates/l.yaml": looked });
    expect(only?.object["data"]).toEqual({ found: "0" });
  });

  test("says what Helm says where it fails, without the values", async () => {
    const broken = map("m", 'x: {{ fail (printf "no `%s`" .Values.secret) }}');
    const said = await refusal({ ...own(), "apps/web/values.yaml": "secret: hunter2\n", [file]: broken });
    expect(said).toMatch(/^rejected apps\/web\/Chart\.yaml:1: helm fails: .*web\/templates\/m\.yaml/);
    expect(said).not.toContain("hunter2");
    expect(said).not.toContain("lockkeeper-render");
  });
});

describe("what is refused of charts before Helm is run, by file and line", () => {
  const remote = "dependencies:\n  - name: redis\n    version: 1.0.0\n    repository: ";
  const cases: readonly [name: string, files: Texts, message: RegExp][] = [
    [
      "a chart of a registry",
      own(`${remote}oci://registry.example/charts\n`),
      /^unsupported apps\/web\/Chart\.yaml:5: the chart "redis" is not in the repository, and nothing is fetched: run helm dependency build/,
    ],
    [
      "a chart of a repository",
      own(`${remote}https://charts.example\n`),
      /Chart\.yaml:5: .*nothing is fetched/,
    ],
    ["a chart of a named repository", own(`${remote}'@stable'\n`), /Chart\.yaml:5: .*nothing is fetched/],
    [
      "a chart that is not there",
      own(`${remote}file://../redis\n`),
      /Chart\.yaml:5: the chart "redis" is not at apps\/redis$/,
    ],
    [
      "a chart outside",
      own(`${remote}file://../../../redis\n`),
      /Chart\.yaml:5: the chart "redis" lies outside the repository/,
    ],
    [
      "the same by the old file",
      { ...own(), "apps/web/requirements.yaml": `${remote}https://charts.example\n` },
      /requirements\.yaml:2: .*nothing is fetched/,
    ],
    [
      "charts in a circle",
      {
        ...own(`${remote}file://../../redis\n`),
        ...chart("redis", "redis", "dependencies: [{ name: web, repository: 'file://../apps/web' }]\n"),
        "apps/web/templates/m.yaml": "",
      },
      /Chart\.yaml:1: the charts that it depends on depend on each other/,
    ],
    [
      "encrypted values",
      { ...own(), "apps/web/values.yaml": "a: b\nkey: ENC[AES256_GCM,data:x,iv:y]\n" },
      /values\.yaml:2: .*SOPS/,
    ],
    [
      "a description that cannot be read",
      { "apps/web/Chart.yaml": "name: [\n" },
      /^unsupported apps\/web\/Chart\.yaml:1: not valid YAML/,
    ],
  ];
  test.each(cases)("%s", async (_, files, message) => {
    expect(await refusal(files)).toMatch(message);
  });

  test("values that are not there", async () => {
    expect(await refusal(simple, { helm: { values: ["gone.yaml"] } })).toBe(
      'unsupported apps/web: helm.values names "gone.yaml", which is no file of the repository (paths are from the app\'s folder)',
    );
    expect(await refusal(simple, { helm: { values: ["../../../etc/passwd"] } })).toContain("no file of");
    expect(await refusal(simple, { helm: { values: ["https://values.example/x"] } })).toContain("no file of");
  });

  test("a link anywhere in the chart", async () => {
    const skipped = { "apps/web/templates/link.yaml": "a symbolic link" };
    expect(await refusal(simple, {}, skipped)).toBe(
      "unsupported apps/web/templates/link.yaml: a symbolic link",
    );
  });

  test("a name that cannot be one of a release", async () => {
    expect(await refusal(simple, { name: "Web_1" })).toMatch(
      /Chart\.yaml:1: "Web_1" cannot be the name of a release/,
    );
  });
});
