import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config/parse-config.ts";
import type { Bench } from "../../../src/flows/check/check-bench.ts";
import type { IsRead } from "../../../src/flows/check/check-inputs.ts";
import { changeOf, changedPaths, sizeOf } from "../../../src/flows/check/check-change.ts";
import type { Target } from "../../../src/config/config.ts";
import type { PullRequest } from "../../../src/model/pull.ts";
import { config } from "../signoff-world.ts";

const parsed = parseConfig(config.replace("mode: apply", "mode: propose"), "x.yml");
const pull = {
  number: 7,
  author: { id: 4, login: "mallory", bot: false },
  labels: [],
} as unknown as PullRequest;

const floor = (approvals: number) => {
  return { approvals, anyOf: [{ type: "permission" as const, atLeast: "write" as const }] };
};

function target(more: Partial<Target>): Target {
  return {
    repository: "Acme/GitOps",
    paths: ["apps/**"],
    namespaces: ["*"],
    allowedKinds: [],
    serviceAccount: "self",
    baseline: "none",
    floor: null,
    ...more,
  };
}

function bench(targets: readonly Target[]): Bench {
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  const base = { branch: "main", sha: "b", frozen: false };
  const policy = { type: "rules" as const, base, config: parsed.value, paths: ["apps/web/staging/a.yaml"] };
  const repository = { id: 1, owner: "acme", name: "gitops", installation: 1 };
  return { repository, targets, policy } as unknown as Bench;
}

const isRead: IsRead = (app, path) => app.environment === "staging" && path.startsWith("shared/");

const touched = (paths: readonly string[], targets: readonly Target[] = []) =>
  changeOf(bench(targets), pull, paths, { files: [], kinds: [], isRead }).apps.map(({ name, floor }) =>
    [name, ...floor.map(({ approvals }) => approvals)].join(" "),
  );

const isConfiguration = (path: string) =>
  changeOf(bench([]), pull, [path], { files: [], kinds: [], isRead }).configuration;

describe("what a pull request touches", () => {
  test("a renamed file counts under both names, each once", () => {
    const files = [
      { path: "b", previousPath: "a", status: "renamed" as const, blob: "1" },
      { path: "a", status: "added" as const, blob: "2" },
    ];
    expect(changedPaths(files)).toEqual(["a", "b"]);
  });

  test.each<[readonly string[], readonly string[]]>([
    [["README.md"], []],
    [["apps/web/staging/b.yaml"], ["web-staging"]],
    [["apps/web/staging/deep/b.yaml"], ["web-staging"]],
    [["apps/web/stagingx"], []],
    [["shared/base.yaml"], ["web-staging"]],
    [
      ["apps/web/staging/b.yaml", "apps/new/production/n.yaml"],
      ["new-production", "web-staging"],
    ],
  ])("%j: %j", (paths, apps) => {
    expect(touched(paths)).toEqual(apps);
  });

  test.each<[string, readonly Target[], string]>([
    ["of this repository and path", [target({ floor: floor(2) })], "web-staging 2"],
    ["of each of them", [target({ floor: floor(2) }), target({ floor: floor(3) })], "web-staging 2 3"],
    ["of other paths", [target({ paths: ["base/**"], floor: floor(2) })], "web-staging"],
  ])("the floor of targets: %s", (_, targets, app) => {
    expect(touched(["apps/web/staging/b.yaml"], targets)).toEqual([app]);
  });

  test("as many lines as were counted, and maybe more where some file was not", () => {
    const file = { path: "a", status: "modified" as const, blob: "1" };
    expect(
      sizeOf([
        { ...file, lines: 3 },
        { ...file, lines: 4 },
      ]),
    ).toEqual({ lines: 7, exact: true });
    expect(sizeOf([{ ...file, lines: 3 }, file])).toEqual({ lines: 3, exact: false });
  });

  test("the configuration is told apart by its exact path", () => {
    expect(
      [".github/lockkeeper.yml", ".github/lockkeeper.yaml", "lockkeeper.yml"].map(isConfiguration),
    ).toEqual([true, false, false]);
  });
});
