import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse-config.ts";
import { parseReloadNamespaces, parseTargets } from "../../src/config/parse-targets.ts";

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/gitops/${name}`, import.meta.url), "utf8");

/** Problems as `line:column message`. */
function problemsOf(text: string): string[] {
  const parsed = parseConfig(text, "lockkeeper.yml");
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("a configuration", () => {
  test("of the example is understood", () => {
    const parsed = parseConfig(example("acme/gitops/.github/lockkeeper.yml"), "lockkeeper.yml");
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        apps: [{ pattern: "apps/{app}/{environment}", mode: "apply", prune: true, waitSeconds: 120 }],
        images: [{ match: "**", policy: { type: "semver", range: ">=1.0.0 <3.0.0", dialect: "node" } }],
        pulls: { limit: 10, labels: ["lockkeeper"] },
        signoff: { rules: [{ name: "production", when: { environments: ["production"] } }] },
      },
    });
  });

  test("that is empty asks for nothing, and administrators own it", () => {
    const parsed = parseConfig("", "lockkeeper.yml");
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        apps: [],
        images: [],
        signoff: {
          owners: [{ type: "permission", atLeast: "admin" }],
          default: [{ approvals: 1, anyOf: [{ type: "permission", atLeast: "write" }] }],
          rules: [],
        },
      },
    });
  });

  test("may give one value where a list can stand", () => {
    const parsed = parseConfig(
      "signoff: { rules: [{ name: r, when: { environment: prod, kind: [major, minor] }, need: { approvals: 2, anyOf: [user:ada] } }] }",
      "f",
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: { signoff: { rules: [{ when: { environments: ["prod"], kinds: ["major", "minor"] } }] } },
    });
  });

  test("with many mistakes gets all of them at once, each at its place", () => {
    const text = [
      "apps:",
      '  - match: "apps/{app}"',
      "    namespac: web",
      "    wait: 5",
      "    prune: yes",
      '    name: "{who}"',
      "    mode: apply",
      "    mode: observe",
      "images:",
      '  - match: "ghcr.io/{a"',
      '    policy: { semver: "^^1" }',
      "signoff:",
      "  owners: [team:acme, nobody]",
      "  rules:",
      "    - { name: a, need: { approvals: 1.5, anyOf: [] } }",
    ].join("\n");
    expect(problemsOf(text)).toEqual([
      '3:5 apps[0]: unknown setting "namespac"; did you mean "namespace"?',
      "4:11 apps[0].wait: must be a duration with its unit, like 90s, 5m, 1h or 3d",
      "5:12 apps[0].prune: must be true or false",
      '6:11 apps[0].name: "{who}" is not a capture of the entry\'s "match"',
      "8:5 this key was given above already",
      '10:12 images[0].match: "ghcr.io/{a": braces or brackets that do not close, or stand within each other',
      '11:23 images[0].policy.semver: "^^1" is not a version range, like ^1, ~1.4 or ">=1.2.0 <3.0.0"',
      '13:12 signoff.owners[0]: "team:acme": a team is written team:ORGANISATION/SLUG',
      '13:23 signoff.owners[1]: "nobody" is nobody who can approve: write team:ORGANISATION/SLUG, user:LOGIN, org:ORGANISATION, write, maintain or admin',
      "15:37 signoff.rules[0].need.approvals: must be a whole number",
      "15:49 signoff.rules[0].need.anyOf: must not be empty",
    ]);
  });

  test.each([
    ["mode: apply, engine: flux", '1:40 apps[0].engine: "flux" goes with mode: gate, where Flux applies'],
    [
      "mode: propose, engine: argocd",
      '1:42 apps[0].engine: "argocd" goes with mode: gate, where Argo CD applies',
    ],
    [
      "mode: gate, drift: heal",
      "1:38 apps[0].drift: goes with mode: apply; in mode gate Lockkeeper applies nothing",
    ],
    ["mode: gate, prune: true", "1:38 apps[0].prune: goes with mode: apply"],
    ["mode: gate, dependsOn: [b]", "1:42 apps[0].dependsOn: goes with mode: apply"],
    ["mode: gate, engine: fleet", '1:39 apps[0].engine: must be "own" or "flux" or "argocd"'],
  ])("says why settings do not go together: %s", (settings, message) => {
    const problems = problemsOf(`apps: [{ path: a, ${settings} }]`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test.each([
    "mode: gate",
    "mode: gate, engine: own",
    "mode: gate, engine: flux, wait: 1m",
    "mode: apply, engine: own",
  ])("takes %s", (settings) => {
    expect(problemsOf(`apps: [{ path: a, ${settings} }]`)).toEqual([]);
  });

  test.each([
    ["no YAML", "apps: [", /^1:/],
    ["two documents", "apps: []\n---\napps: []", /multiple documents/],
    ["a list", "[]", /must be a map/],
    ["an unknown alias", "apps: *x", /alias/i],
    ["a nest", "[".repeat(3000), /nested deeper than 64/],
    ["a bomb of aliases", `a: &a [x]\nb: [${"*a,".repeat(200)}]`, /more than 100 aliases/],
    ["a wide map", Array.from({ length: 6000 }, (_, n) => `k${n}: 1`).join("\n"), /more than 5000 keys/],
    ["a NUL", "apps: \0", /NUL/],
    ["a huge file", `# ${"x".repeat(1024 * 1024)}`, /over 1 MiB/],
    ["a prototype", "__proto__: { apps: [] }", /unknown setting "__proto__"/],
    ["two rules of one name", rules("a", "a"), /a rule above is named "a" too/],
    ["neither match nor path", "apps: [{ mode: apply }]", /needs either "match" or "path"/],
    ["both match and path", "apps: [{ mode: apply, match: a, path: b }]", /needs either "match" or "path"/],
    ["a path upwards", "apps: [{ mode: apply, path: a/../b }]", /without \. or \.\./],
    ["a capture twice", 'apps: [{ mode: apply, match: "{a}/{a}" }]', /stands twice/],
  ])("that holds %s gets an error", (_, text, message) => {
    expect(problemsOf(text).join("\n")).toMatch(message);
    expect(({} as Record<string, unknown>)["apps"]).toBeUndefined();
  });

  test("never makes the parser fail, whatever it is", () => {
    const word = fc.constantFrom(
      "apps",
      "match",
      "signoff",
      "rules",
      ": ",
      "- ",
      "\n",
      "  ",
      "{",
      "]",
      "&a ",
      "*a",
      "!",
      "'",
      "|",
      "1",
      "?",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 }))), (parts) => {
        const parsed = parseConfig(parts.join(""), "f");
        if (!parsed.ok) {
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const { line, column } of parsed.problems)
            expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a targets file", () => {
  test("of the example is understood", () => {
    expect(parseTargets(example("targets.yml"), "targets.yml")).toMatchObject({
      ok: true,
      value: [
        {
          repository: "acme/gitops",
          paths: ["apps/**"],
          namespaces: ["web-*", "worker-*"],
          allowedKinds: ["Namespace"],
          serviceAccount: "self",
          baseline: "head",
          floor: null,
        },
      ],
    });
  });

  test("says where workloads are rolled for their configuration: nowhere by itself", () => {
    const target =
      "repository: acme/gitops, paths: [apps], namespaces: [web, 'team-*'], serviceAccount: self";
    const read = (text: string) => parseReloadNamespaces(text, "t");
    expect(read(`targets: [{ ${target} }]`)).toMatchObject({ ok: true, value: [] });
    expect(
      read(`targets: [{ ${target}, reload: true }]\nreload: { namespaces: [web, other] }`),
    ).toMatchObject({
      ok: true,
      value: ["web", "other", "team-*"],
    });
    expect(read("reload: { namespaces: '*' }")).toMatchObject({ ok: true, value: ["*"] });
    expect(read("reload: { namespaces: [] }").ok).toBe(false);
  });

  test("has to say what it allows, and in which form", () => {
    const parsed = parseTargets(
      "targets: [{ repository: acme, serviceAccount: Admin, kinds: { allow: [clusterrole] } }]",
      "t",
    );
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual([
      "targets[0].paths: is missing",
      "targets[0].namespaces: is missing",
      "targets[0].repository: a repository is written OWNER/NAME",
      'targets[0].serviceAccount: must be "self" or the NAMESPACE/NAME of a service account',
      "targets[0].kinds.allow[0]: a kind is written as in a manifest, like ClusterRole",
    ]);
  });
});

function rules(...names: string[]): string {
  const list = names.map((name) => `{ name: ${name}, need: { approvals: 1, anyOf: [write] } }`);
  return `signoff: { rules: [${list.join(", ")}] }`;
}
