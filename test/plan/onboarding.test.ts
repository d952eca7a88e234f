import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appProblems, appsOf } from "../../src/config/apps.ts";
import { configPath } from "../../src/config/config.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { findUnreachable } from "../../src/config/unreachable.ts";
import { type Offer, offerFor } from "../../src/plan/onboarding.ts";

/** A `!` behind a file says that no image stands in it. */
function offerOf(layout: readonly string[]): Offer | null {
  const images = layout
    .filter((file) => !file.endsWith("!"))
    .map((file) => ({ file, line: 3, image: "ghcr.io/acme/web" }));
  return offerFor({ paths: pathsOf(layout), images, skipped: [] });
}

function pathsOf(layout: readonly string[]): readonly string[] {
  return layout.map((file) => file.replace(/!$/, ""));
}

/** The entries of a text, those in comments among them with a `#` in front. */
function entriesOf({ config }: Offer): readonly string[] {
  const lines = config.split("\n").slice(0, config.split("\n").indexOf("signoff:"));
  return lines.flatMap((line) => {
    const [, mark = "", value = ""] = /^(#?) {2}- (?:match|path): "(.*?)" #/.exec(line) ?? [];
    const name = /^#? {4}name: "(.*?)" #/.exec(line)?.[1];
    const environment = /^#? {4}environment: "(.*?)" #/.exec(line)?.[1];
    if (name !== undefined) return [`  named ${name}`];
    if (environment !== undefined) return [`  in ${environment}`];
    return value === "" || value === "**" ? [] : [mark + value];
  });
}

const grid = (tops: string, apps: string, places: string): readonly string[] =>
  apps.split(" ").flatMap((app) => places.split(" ").map((place) => `${tops}/${app}/${place}/web.yaml`));

const layouts: readonly [string, readonly string[], readonly string[]][] = [
  [
    "apps, then environments",
    grid("apps", "web api", "production staging"),
    ["apps/{app}/{environment}", "  in {environment}"],
  ],
  [
    "kustomize overlays on bases without images",
    [
      "apps/web/base/kustomization.yaml!",
      "apps/web/overlays/production/kustomization.yaml",
      "apps/web/overlays/staging/kustomization.yaml",
      "apps/web/overlays/staging/patches/web.yaml",
      "apps/api/overlays/production/kustomization.yaml",
    ],
    ["apps/{app}/overlays/{environment}", "  in {environment}"],
  ],
  [
    "environments beside their base",
    [...grid("apps", "web api", "production staging base")],
    [
      "apps/{app}/production",
      "  named {app}-production",
      "  in production",
      "apps/{app}/staging",
      "  named {app}-staging",
      "  in staging",
      "#apps/{app}/base",
      "  in shared",
    ],
  ],
  [
    "Flux, one folder per environment",
    [
      "apps/base/podinfo/release.yaml!",
      "apps/production/podinfo.yaml",
      "apps/staging/podinfo.yaml",
      "clusters/production/apps.yaml!",
    ],
    [
      "apps/production",
      "  named apps-production",
      "  in production",
      "apps/staging",
      "  named apps-staging",
      "  in staging",
    ],
  ],
  [
    "clusters of any name",
    [
      "clusters/home/apps/web/a.yaml",
      "clusters/home/apps/api/a.yaml",
      "clusters/edge/apps/web/a.yaml",
      "clusters/lab/apps/web/none.yaml!",
    ],
    ["clusters/{environment}/apps/{app}", "  named {app}-{environment}", "  in {environment}"],
  ],
  [
    "one cluster, apps in groups",
    [
      "kubernetes/apps/media/sonarr/app/helmrelease.yaml",
      "kubernetes/apps/media/sonarr/ks.yaml!",
      "kubernetes/apps/media/radarr/app/helmrelease.yaml",
      "kubernetes/apps/db/pg/app/helmrelease.yaml",
      "kubernetes/apps/network/dns/app/helmrelease.yaml",
    ],
    ["kubernetes/apps/{group}/{app}/app", "  in default"],
  ],
  [
    "environments, then apps",
    ["prod/web/a.yaml", "prod/api/a.yaml", "dev/web/a.yaml", "dev/new/a.yaml", "docs/a.md!"],
    ["{environment}/{app}", "  named {app}-{environment}", "  in {environment}"],
  ],
  [
    "environments that only repeat",
    grid("apps", "web api db", "eu us"),
    ["apps/{app}/{environment}", "  in {environment}"],
  ],
  [
    "Helm values for each environment in one folder",
    ["apps/web/values-prod.yaml", "apps/web/values-dev.yaml", "apps/api/values-prod.yaml"],
    ["apps/{app}", "  in default"],
  ],
  [
    "Helm values for each environment in its own",
    grid("releases", "web api", "prod dev"),
    ["releases/{app}/{environment}", "  in {environment}"],
  ],
  ["one folder", ["manifests/web.yaml", "manifests/db.yaml"], ["manifests", "  in default"]],
  ["no folder at all", ["web.yaml", "README.md!"], [".", "  named repository", "  in default"]],
  [
    "folders of all sorts at the top",
    ["web/a.yaml", "api/a.yaml", "docs/a.md!", "examples/a.yaml", ".github/workflows/a.yaml"],
    ["api", "  in default", "web", "  in default"],
  ],
  [
    "apps of one name",
    ["apps/web/a.yaml", "infrastructure/web/a.yaml"],
    [
      "apps/{app}",
      "  named apps-{app}",
      "  in default",
      "infrastructure/web",
      "  named infrastructure-web",
      "  in default",
    ],
  ],
  [
    "a few apps one level deeper",
    ["apps/a/x.yaml", "apps/b/x.yaml", "apps/c/x.yaml", "apps/monitoring/grafana/x.yaml"],
    ["apps/{app}", "  in default"],
  ],
  [
    "bases alone",
    ["apps/web/base/a.yaml", "apps/api/base/a.yaml", "apps/web/overlays/prod/kustomization.yaml!"],
    ["apps/{app}/base", "  in default"],
  ],
  [
    "a kustomization round its parts",
    ["apps/web/kustomization.yaml", "apps/web/cron/job.yaml", "apps/api/a.yaml"],
    ["apps/{app}", "  in default"],
  ],
  [
    "names that mean something in YAML",
    ["apps/a: b #c/x.yaml", "apps/d\ne: f/x.yaml", "\"'/x.yaml"],
    ["\\\"'", "  in default", "apps/{app}", "  in default"],
  ],
];

describe("a repository is offered", () => {
  test.each(layouts)("%s", (_, layout, entries) => {
    expect(entriesOf(offerOf(layout)!)).toEqual(entries);
  });

  test.each([
    ["without images", ["apps/web/a.yaml!"]],
    [
      "with images in tests and examples only",
      ["tests/a.yaml", "examples/web/a.yaml", ".github/workflows/ci.yaml", "test/e2e/a.yaml"],
    ],
  ])("nothing %s", (_, layout) => {
    expect(offerOf(layout)).toBeNull();
  });

  test("a count of what would be followed, and why the rest would not", () => {
    const layout = [
      "apps/web/production/a.yaml",
      "apps/web/staging/a.yaml",
      "apps/web/base/a.yaml",
      "tests/a.yaml",
      "top.yaml",
    ];
    const images = layout.map((file) => ({ file, line: 7, image: "acme/web" }));
    const skipped = [{ file: "apps/web/staging/b.yaml", line: 2, reason: "not UTF-8 text" }];
    expect(offerFor({ paths: layout, images, skipped })).toMatchObject({
      tracked: 2,
      apps: [
        { path: "apps/web/production", environment: "production", images: ["acme/web"] },
        { path: "apps/web/staging", environment: "staging", images: ["acme/web"] },
      ],
      untracked: [
        { reason: "in a folder that others build on", count: 1, places: ["apps/web/base/a.yaml:7"] },
        { reason: "among tests, examples and settings of tools", count: 1, places: ["tests/a.yaml:7"] },
        { reason: "beside the folders of apps, in none of them", count: 1, places: ["top.yaml:7"] },
        { reason: "not UTF-8 text", count: 1, places: ["apps/web/staging/b.yaml:2"] },
      ],
    });
  });

  test("as many entries as can be read, with the rest told", () => {
    const layout = Array.from({ length: 60 }, (_, index) => `${"x/".repeat(index % 7)}app${index}/a.yaml`);
    const offer = offerOf(layout)!;
    const entries = entriesOf(offer).filter((line) => !line.startsWith(" "));
    expect(entries.length).toBeLessThanOrEqual(40);
    const left = offer.untracked.find(({ reason }) => reason === "in more folders than are listed here");
    expect(offer.tracked + (left?.count ?? 0)).toBe(60);
  });

  test("settings that stay valid when their comments are taken away", () => {
    const { config } = offerOf(grid("apps", "web api", "production staging base"))!;
    const all = config
      .split("\n")
      .map((line) => (/^#(?: {2}|images:|pulls:)/.test(line) ? line.slice(1) : line))
      .join("\n");
    const parsed = parseConfig(all, configPath);
    expect(parsed).toMatchObject({
      ok: true,
      value: { apps: { length: 3 }, images: { length: 1 }, pulls: { limit: 10 } },
    });
  });

  test("the same for the same repository, in whatever order its files come", () => {
    const layout = layouts.flatMap(([, files]) => files);
    expect(offerOf(layout.toReversed())?.config).toBe(offerOf(layout)?.config);
  });
});

const name = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "apps",
      "web",
      "api",
      "prod",
      "staging",
      "base",
      "overlays",
      "test",
      "eu",
      "k8s",
      "app",
      "patches",
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ minLength: 1, maxLength: 6, unit: "binary" })
      .filter((text) => !text.includes("/") && text.isWellFormed()),
  },
);
const path = fc
  .tuple(fc.array(name, { maxLength: 5 }), fc.constantFrom("a.yaml", "kustomization.yaml", "a.yaml!"))
  .map(([folders, file]) => [...folders.filter((part) => part !== "." && part !== ".."), file].join("/"));

test("whatever the folders: what is offered is valid, reaches everything that it names, and no app lies within another", () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 60 }), (layout) => {
      const offer = offerOf(layout);
      if (offer === null) return;
      const parsed = parseConfig(offer.config, configPath);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const files = [...new Set([...pathsOf(layout), configPath])];
      expect(findUnreachable(parsed.value, files)).toEqual([]);
      expect(appProblems(appsOf(parsed.value, files))).toEqual([]);
      const found = layout.filter((file) => !file.endsWith("!")).length;
      const left = offer.untracked.reduce((sum, { count }) => sum + count, 0);
      expect(offer.tracked + left).toBe(found);
      expect(offer.tracked).toBeGreaterThan(0);
    }),
    { numRuns: 400 },
  );
});
