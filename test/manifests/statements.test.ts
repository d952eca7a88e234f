import { describe, expect, test } from "vitest";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import type { Statement } from "../../src/model/update.ts";

function statementsIn(
  files: Readonly<Record<string, string>>,
  file = "app.yaml",
): readonly (Statement | undefined)[] {
  const all = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  return findOccurrences(file, all.get(file)!, { files: all }).occurrences.map(({ statement }) => statement);
}

const marker = '# {"$imagepolicy": "flux-system:web"}';
const pod = (...lines: string[]): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${lines.map((line) => `    ${line}\n`).join("")}`;
const marked = pod(`- image: ghcr.io/acme/web:1.0.0 ${marker}`, "- image: ghcr.io/acme/web:1.0.0");

const fluxObject = (kind: string, name: string, spec: string): string =>
  `apiVersion: image.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: flux-system }\nspec: ${spec}\n`;
const repository = fluxObject("ImageRepository", "web", "{ image: ghcr.io/acme/web }");
const policy = (spec: string): string =>
  `${repository}---\n${fluxObject("ImagePolicy", "web", `{ imageRepositoryRef: { name: web }, ${spec} }`)}`;
const automation = (spec: string): string => fluxObject("ImageUpdateAutomation", "all", spec);
const semver = 'policy: { semver: { range: "^1" } }';

describe("a marker of Flux brings its policy along", () => {
  test.each([
    ["a range", semver, { semver: "^1" }],
    ["the default order", "policy: { numerical: {} }", { numerical: "asc" }],
    ["an order", "policy: { alphabetical: { order: desc } }", { alphabetical: "desc" }],
    [
      "a filter",
      `filterTags: { pattern: '^main-(?P<n>\\d+)$', extract: $n }, policy: { numerical: { order: asc } }`,
      { pattern: String.raw`^main-(?P<n>\d+)$`, extract: "$n", numerical: "asc" },
    ],
    [
      "digests",
      `${semver}, digestReflectionPolicy: Always`,
      { semver: "^1", digestReflectionPolicy: "Always" },
    ],
  ])("%s", (_, spec, settings) => {
    const [first, second] = statementsIn({ "app.yaml": marked, "flux/images.yaml": policy(spec) });
    expect(first).toEqual({
      tool: "flux",
      name: "ImagePolicy flux-system/web",
      settings: { ...settings, marker: "image" },
    });
    expect(second).toBeUndefined();
  });

  describe("that a kustomization completes by a patch", () => {
    const bare = policy("suspend: false").replace(
      "kind: ImagePolicy\nmetadata: {",
      "kind: ImagePolicy\nmetadata: { labels: { tier: one }, annotations: { acme/from: main },",
    );
    const patch = `apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: { name: any }\nspec: { filterTags: { pattern: ^v }, ${semver} }\n`;
    const settingsWith = (target: string): unknown => {
      const files = {
        "app.yaml": marked,
        "flux/web/policy.yaml": bare,
        "flux/web/kustomization.yaml": "resources: [policy.yaml]\n",
        "flux/kustomization.yaml": `resources: [web]\npatches:\n- { path: default.yaml, target: ${target} }\n`,
        "flux/default.yaml": patch,
      };
      const { marker: _, ...settings } = statementsIn(files)[0]?.settings ?? {};
      return settings;
    };

    test.each([
      "{ kind: ImagePolicy }",
      "{ kind: ImagePolicy, name: web }",
      "{ kind: ImagePolicy, name: w.* }",
      "{ kind: ImagePolicy, annotationSelector: acme/off != true }",
      "{ annotationSelector: 'acme/from in (main, other),!acme/off' }",
      "{ labelSelector: 'tier==one,tier' }",
    ])("for %s", (target) => expect(settingsWith(target)).toEqual({ pattern: "^v", semver: "^1" }));

    test.each([
      "{ kind: ImageRepository }",
      "{ name: we }",
      "{ name: (web) }",
      "{ name: a*b }",
      "{ annotationSelector: acme/from notin (main) }",
      "{ labelSelector: tier!=one }",
      "{ labelSelector: '!tier' }",
      "{ labelSelector: 'a ~ b' }",
    ])("not for %s", (target) => expect(settingsWith(target)).toEqual({}));
  });

  test("in values, in an inline string and in a list of objects", () => {
    const values = `image:\n  repository: ghcr.io/acme/web\n  tag: 1.0.0 # {"$imagepolicy": "flux-system:web:tag"}\n`;
    const files = { "values.yaml": values, "flux.yaml": policy(semver) };
    expect(statementsIn(files, "values.yaml")).toMatchObject([{ tool: "flux", settings: { semver: "^1" } }]);
    const list = `apiVersion: v1\nkind: List\nitems:\n${policy(semver)
      .split("---\n")
      .map((object) => `- ${object.trimEnd().replaceAll("\n", "\n  ")}\n`)
      .join("")}`;
    expect(statementsIn({ "app.yaml": marked, "list.yaml": list })[0]?.problem).toBeUndefined();
  });

  test.each([
    ["there is no such policy", "", /is not in this repository/],
    ["the policy is suspended", policy(`suspend: true, ${semver}`), /is suspended/],
    ["the policy is about another image", policy(semver).replace("acme/web", "acme/other"), /another image/],
    [
      "another folder is updated",
      `${policy(semver)}---\n${automation("{ update: { path: ./clusters/a } }")}`,
      /no ImageUpdateAutomation/,
    ],
    [
      "no automation selects it",
      `${policy(semver)}---\n${automation("{ policySelector: { matchLabels: { team: web } } }")}`,
      /selected by no ImageUpdateAutomation/,
    ],
    [
      "the automation is suspended",
      `${policy(semver)}---\n${automation("{ suspend: true, update: { path: ./ } }")}`,
      /automation is suspended/i,
    ],
  ])("and a reason where %s", (_, objects, problem) => {
    const [first] = statementsIn({ "app.yaml": marked, "images.yaml": objects });
    expect(first?.problem).toMatch(problem);
  });

  test.each<[labels: string, selector: string, selected: boolean]>([
    ["{ team: web }", "{ matchLabels: { team: web } }", true],
    ["{ team: web }", "{ matchLabels: { team: web, tier: one } }", false],
    ["{ team: web }", "{}", true],
    ["{ team: web }", "{ matchExpressions: [{ key: team, operator: In, values: [web, api] }] }", true],
    ["{}", "{ matchExpressions: [{ key: team, operator: In, values: [web] }] }", false],
    ["{}", "{ matchExpressions: [{ key: team, operator: NotIn, values: [web] }] }", true],
    ["{ team: web }", "{ matchExpressions: [{ key: team, operator: NotIn, values: [web] }] }", false],
    ["{ team: web }", "{ matchExpressions: [{ key: team, operator: Exists }] }", true],
    ["{ team: web }", "{ matchExpressions: [{ key: team, operator: DoesNotExist }] }", false],
    ["{ team: web }", "{ matchExpressions: [{ key: team, operator: constructor }] }", false],
  ])("with labels %s and a selector %s: followed %s", (labels, selector, selected) => {
    const labelled = policy(semver).replaceAll(
      "{ name: web, namespace",
      `{ labels: ${labels}, name: web, namespace`,
    );
    const images = `${labelled}---\n${automation(`{ policySelector: ${selector} }`)}`;
    const [first] = statementsIn({ "app.yaml": marked, "images.yaml": images });
    expect(first?.problem === undefined).toBe(selected);
  });

  test("an automation that updates the folder lets it be followed", () => {
    const images = `${policy(semver)}---\n${automation("{ update: { path: ./apps, strategy: Setters } }")}`;
    const files = { "apps/web/app.yaml": marked, "images.yaml": images };
    expect(statementsIn(files, "apps/web/app.yaml")[0]).not.toHaveProperty("problem");
  });
});

test("a renovate comment above an image says how it is versioned", () => {
  const text = pod(
    "# renovate: datasource=docker depName=acme/web versioning=regex:^v(?<major>\\d+)$",
    "- image: acme/web:v1",
    "- image: acme/api:v1",
  );
  const [first, second] = statementsIn({ "app.yaml": text });
  expect(first).toMatchObject({ tool: "renovate", settings: { versioning: "regex:^v(?<major>\\d+)$" } });
  expect(second).toBeUndefined();
});

test.each([
  ["registryUrl=https://ghcr.io", "ghcr.io/acme/web"],
  ["registryUrl=https://lock.example:5000/mirror/", "lock.example:5000/mirror/acme/web"],
  ["packageName=quay.io/acme/site registryUrl=https://ghcr.io", "quay.io/acme/site"],
  ["lookupName=acme/site", "acme/site"],
])("with %s a renovate comment is about %s", (fields, image) => {
  const text = `# renovate: datasource=docker depName=acme/web ${fields}\nWEB_VERSION: "1.0"\n`;
  const bytes = Buffer.from(text);
  const [found] = findOccurrences("versions.yaml", bytes, { files: new Map() }).occurrences;
  expect(found).toMatchObject({ image, tag: "1.0", statement: { tool: "renovate", settings: {} } });
});

describe("annotations of Argo CD Image Updater", () => {
  const application = (annotations: readonly string[], source = "path: apps/web"): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  annotations:\n${annotations
      .map((line) => `    argocd-image-updater.argoproj.io/${line}\n`)
      .join("")}spec:\n  source: { ${source} }\n`;
  const kustomization =
    "images:\n  - name: acme/web\n    newTag: 1.0.0\n  - { name: acme/api, newTag: 1.0.0 }\n";
  const told = (
    annotations: readonly string[],
    file = "apps/web/kustomization.yaml",
  ): Statement | undefined =>
    statementsIn({ [file]: kustomization, "argo.yaml": application(annotations) }, file)[0];

  test("belong to the listed images below the path of the Application", () => {
    const list = "image-list: web=docker.io/acme/web:~1.2, acme/other";
    expect(told([list, "web.allow-tags: regexp:^1"])).toEqual({
      tool: "argocd",
      name: "Application web",
      settings: { constraint: "~1.2", "allow-tags": "regexp:^1" },
    });
    expect(told([list], "apps/elsewhere/kustomization.yaml")).toBeUndefined();
    expect(told(["image-list: acme/other"])).toBeUndefined();
  });

  test("hold for one image or for all of them", () => {
    const settings = (...lines: string[]) => told(["image-list: web=acme/web, acme/api", ...lines])?.settings;
    expect(settings("update-strategy: digest")).toEqual({ "update-strategy": "digest" });
    expect(settings("update-strategy: digest", "web.update-strategy: name")).toEqual({
      "update-strategy": "name",
    });
    expect(settings("web.ignore-tags: latest, *-rc", "web.platforms: linux/arm64")).toEqual({
      "ignore-tags": "latest, *-rc",
      platforms: "linux/arm64",
    });
  });

  test("know an image under the name that a kustomization has for it", () => {
    const found = told(["image-list: web=ghcr.io/acme/site:1.x", "web.kustomize.image-name: acme/web"]);
    expect(found?.settings).toEqual({ constraint: "1.x" });
  });

  test("reach the file that they are written back to, and a registry with a port", () => {
    const values = "image: { repository: registry.local:5000/acme/web, tag: 1.0.0 }\n";
    const lines = [
      "image-list: registry.local:5000/acme/web:1.x",
      "write-back-target: helmvalues:/deploy/values.yaml",
    ];
    const files = { "deploy/values.yaml": values, "argo.yaml": application(lines) };
    expect(statementsIn(files, "deploy/values.yaml")).toMatchObject([{ settings: { constraint: "1.x" } }]);
  });
});

describe("an ImageUpdater of Argo CD Image Updater", () => {
  const kustomization = "images:\n  - name: acme/web\n    newTag: 1.0.0\n";
  const application = (name: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, labels: { tier: front } }\nspec: { source: { path: apps/web } }\n`;
  const updater = (ref: string, common = "{}"): string =>
    `apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: { name: fleet }\nspec:\n  commonUpdateSettings: ${common}\n  applicationRefs:\n    - ${ref}\n`;
  const told = (ref: string, common?: string, name = "web-prod"): Statement | undefined =>
    statementsIn(
      {
        "apps/web/kustomization.yaml": kustomization,
        "argo.yaml": `${application(name)}---\n${updater(ref, common)}`,
      },
      "apps/web/kustomization.yaml",
    )[0];
  const image = "images: [{ alias: web, imageName: 'acme/web:~1.2' }]";

  test("says the same as the annotations, the nearest setting first", () => {
    expect(told(`{ namePattern: "web-*", ${image} }`)).toEqual({
      tool: "argocd",
      name: "ImageUpdater fleet",
      settings: { constraint: "~1.2" },
    });
    const common = "{ updateStrategy: digest, allowTags: any, ignoreTags: [latest, '*-rc'] }";
    const own = "commonUpdateSettings: { updateStrategy: newest-build, platforms: [linux/arm64] }";
    expect(told(`{ namePattern: "*", ${own}, ${image} }`, common)?.settings).toEqual({
      constraint: "~1.2",
      "update-strategy": "newest-build",
      "allow-tags": "any",
      "ignore-tags": "latest,*-rc",
      platforms: "linux/arm64",
    });
  });

  test("knows an image under the name that a kustomization has for it", () => {
    const named =
      "{ alias: web, imageName: ghcr.io/acme/site, manifestTargets: { kustomize: { name: acme/web } } }";
    expect(told(`{ namePattern: web-prod, images: [${named}] }`)?.settings).toEqual({});
  });

  test.each([
    ["w?b-*d", "tier: front", true],
    ["web", "tier: front", false],
    ["web-prod?", "tier: front", false],
    ["*", "tier: back", false],
  ])("is about the Applications that %s and %s mean", (pattern, labels, isMeant) => {
    const selectors = `labelSelectors: { matchLabels: { ${labels} } }`;
    const statement = told(`{ namePattern: "${pattern}", ${selectors}, ${image} }`);
    expect(statement !== undefined).toBe(isMeant);
  });
});
