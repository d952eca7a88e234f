import { describe, expect, test } from "vitest";
import { appProblems, appsOf } from "../../src/config/apps.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { findUnreachable } from "../../src/config/unreachable.ts";
import { promotionsOf } from "../../src/config/promotions.ts";
import type { Config } from "../../src/config/config.ts";

function config(text: string): Config {
  const parsed = parseConfig(text, "f");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const files = [
  "README.md",
  "apps/web/staging/web.yaml",
  "apps/web/production/deep/er/web.yaml",
  "apps/web/README.md",
  "apps/worker/production/worker.yaml",
];

describe("the apps of a repository", () => {
  test("are the folders that match, named by their captures, in order", () => {
    const found = appsOf(
      config('apps: [{ match: "apps/{app}/{environment}", environment: "{environment}", mode: apply }]'),
      files,
    );
    expect(found.map((app) => [app.path, app.name, app.environment])).toEqual([
      ["apps/web/production", "web-production", "production"],
      ["apps/web/staging", "web-staging", "staging"],
      ["apps/worker/production", "worker-production", "production"],
    ]);
  });

  test.each([
    [
      'match: "apps/{app}/{stage}", name: "{stage}.{app}", namespace: "{app}"',
      "production.web",
      "web",
      "production.web",
    ],
    ["path: apps/web/production", "production", undefined, "production"],
    ["path: apps/web/production, environment: live", "production", undefined, "live"],
    ['match: "apps/web/prod{rest}"', "uction", undefined, "uction"],
    ['match: "apps/*/production"', "production", undefined, "production"],
    ['path: "."', ".", undefined, "."],
  ])("{ %s } makes %s", (entry, name, namespace, environment) => {
    const [app] = appsOf(config(`apps: [{ ${entry}, mode: apply }]`), files);
    expect(app).toMatchObject({ name, environment });
    expect(app?.namespace).toBe(namespace);
  });

  test("belong to the first entry that matches", () => {
    const found = appsOf(
      config('apps: [{ path: apps/web/staging, mode: observe }, { match: "apps/{a}/{b}", mode: apply }]'),
      files,
    );
    expect(found.map((app) => app.mode)).toEqual(["apply", "observe", "apply"]);
  });

  test("are told where two share a name or a folder", () => {
    const found = appsOf(
      config('apps: [{ match: "apps/{a}/{b}", name: "{b}", mode: apply }, { path: apps/web, mode: apply }]'),
      files,
    );
    expect(appProblems(found)).toEqual([
      'the app "apps/web/production" lies within the app "apps/web"',
      'the app "apps/web/staging" lies within the app "apps/web"',
      '"apps/web/production" and "apps/worker/production" are both named "production"',
    ]);
  });
});

test.each([
  ["web", []],
  ["web-1.2_x", []],
  ["a b", ["a b"]],
  ["a..b", ["a..b"]],
  ["web.lock", ["web.lock"]],
  ["-web", ["-web"]],
])("the app %j in mode gate needs a name that can end a branch", (name, told) => {
  const parsed = parseConfig(`apps: [{ path: a, mode: gate, name: ${JSON.stringify(name)} }]`, "c.yml");
  const problems = appProblems(appsOf(parsed.ok ? parsed.value : { apps: [] }, ["a/x.yaml"]));
  expect(problems).toEqual(
    told.map((each) => expect.stringContaining(`named "${each}", which cannot end a branch`)),
  );
});

describe("the app that another waits for", () => {
  const folders = ["a/web/staging", "a/api/staging", "a/web/production", "staging/web", "production/web"];
  test.each([
    ['{ match: "a/{app}/{environment}", environment: "{environment}" }', "a/web/production", "a/web/staging"],
    [
      '{ match: "a/{app}/{environment}", name: "{app}", environment: "{environment}" }',
      "a/web/production",
      "a/web/staging",
    ],
    [
      "{ path: a/web/staging, environment: staging }, { path: a/web/production, environment: production }",
      "a/web/production",
      "a/web/staging",
    ],
    [
      '{ match: "staging/{app}", environment: staging }, { match: "production/{app}", environment: production }',
      "production/web",
      "staging/web",
    ],
    [
      "{ path: a/web/staging, environment: staging }, { path: production/web, environment: production }",
      "production/web",
      undefined,
    ],
    [
      '{ match: "a/*/staging", environment: staging }, { match: "a/{app}/production", environment: production }',
      "a/web/production",
      "a/web/staging",
    ],
  ])("with the entries %s, for %s, is %s", (entries, path, before) => {
    const own = entries.replaceAll(" }", ", mode: apply }");
    const text = `apps: [${own}]\nenvironments: { production: { promote: { from: staging } } }`;
    const promotions = promotionsOf(
      config(text),
      folders.map((folder) => `${folder}/x.yaml`),
    );
    expect(promotions.get(path)?.before?.path).toBe(before);
  });

  test("cannot wait for it in turn", () => {
    const problems = parseConfig(
      "environments: { a: { promote: { from: b } }, b: { promote: { from: a, healthyFor: 5m } } }",
      "f",
    );
    expect(problems).toMatchObject({ ok: false, problems: [{ line: 1, column: 39 }, { line: 1 }] });
    expect(JSON.stringify(problems)).toContain("goes round in a circle: a from b from a");
  });
});

describe("what can never match", () => {
  const apps = 'apps: [{ match: "apps/{app}/{environment}", environment: "{environment}", mode: apply }]';
  const need = "need: { approvals: 1, anyOf: [write] }";
  test.each([
    ["when: { environment: prodution }", 'no app has the environment "prodution"'],
    ["when: { app: web }", 'no app is named "web"'],
    ["when: { app: worker-*, environment: staging }", "no app of that name has that environment"],
    ["when: { paths: charts/** }", 'matches no file of an app now: "charts/**"'],
  ])("is told of a rule { %s }", (when, message) => {
    const found = findUnreachable(
      config(`${apps}\nsignoff: { rules: [{ name: r, ${when}, ${need} }] }`),
      files,
    );
    expect(found).toMatchObject([{ path: ["signoff", "rules", 0] }]);
    expect(found[0]?.message).toContain(message);
  });

  test.each([
    ["live: { promote: { from: staging } }", ["live"], 'no app has the environment "live"'],
    ["production: { promote: { from: qa } }", ["production", "promote", "from"], '"qa"'],
    [
      "production: { promote: { from: staging } }",
      ["production", "promote", "from"],
      'the app "apps/worker/production" is never offered anything: no app in "staging"',
    ],
  ])("is told of an environment { %s }", (environment, path, message) => {
    const found = findUnreachable(config(`${apps}\nenvironments: { ${environment} }`), files);
    expect(found).toMatchObject([{ path: ["environments", ...path] }]);
    expect(found[0]?.message).toContain(message);
  });

  test("is told of an app that waits for one that is not applied", () => {
    const text = `apps: [{ path: web/a, environment: a, mode: propose }, { path: web/b, environment: b, mode: propose }]
environments: { b: { promote: { from: a } } }`;
    const [found, ...others] = findUnreachable(config(text), ["web/a/x.yaml", "web/b/x.yaml"]);
    expect(found?.message).toContain('"web/a" is in mode propose');
    expect(others).toEqual([]);
  });

  test("is told of folders and images", () => {
    const text = `apps: [{ path: nowhere, mode: apply }, { match: "apps/{a}/{b}", mode: apply }]
images: [{ match: "**" }, { match: "acme/*" }]`;
    expect(findUnreachable(config(text), files).map((found) => found.path)).toEqual([
      ["apps", 0],
      ["images", 1],
    ]);
  });

  test("is silent where all is met", () => {
    const rule = `{ name: r, when: { environment: "prod*", app: web-*, paths: "apps/**", kind: major }, ${need} }`;
    expect(findUnreachable(config(`${apps}\nsignoff: { rules: [${rule}] }`), files)).toEqual([]);
  });
});
