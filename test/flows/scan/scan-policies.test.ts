import { afterEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

let world: ScanWorld;

afterEach(() => world.stop());

const production = "apps/web/production/web.yaml";
const staging = "apps/web/staging/web.yaml";

async function start(images: string, rules: string, tags: readonly string[]): Promise<void> {
  const files = {
    [production]: pod(images),
    [staging]: pod(images),
    [configPath]: `${config}images:\n${rules}`,
  };
  world = await startScan(files, tags);
}

async function scanned(): Promise<string[]> {
  value(await world.scan());
  return (await world.bumps("open")).map(({ title }) => title).sort();
}

test("each environment follows its own policy, the first that matches", async () => {
  const rules = [
    '  - { match: "**/web", environments: production, policy: { semver: "~1.0" } }',
    '  - { match: "**/web", policy: { semver: "^1" }, tags: { prerelease: true } }',
    "",
  ].join("\n");
  await start("acme/web:1.0.0", rules, [
    "acme/web:1.0.0",
    "acme/web:1.0.1",
    "acme/web:1.1.0-rc.1",
    "acme/web:2.0.0",
  ]);
  expect(await scanned()).toEqual([
    "Update acme/web to 1.0.1 in production",
    "Update acme/web to 1.1.0-rc.1 in staging",
  ]);
  const branches = world.registry.requests.filter(({ path }) => path.includes("tags/list"));
  expect(branches).toHaveLength(1);
});

test("builds that a pattern orders are proposed, and one that was closed is passed over for the next", async () => {
  const rules = [
    '  - { match: "**/web", environments: production, policy: { numerical: asc },',
    "      tags: { pattern: '^main-(?P<n>[0-9]+)$', extract: \"$n\" } }",
    '  - { match: "**/web", policy: { semver: "0.0.x" } }',
    "",
  ].join("\n");
  await start("acme/web:main-9", rules, ["acme/web:main-9", "acme/web:main-10", "acme/web:pr-77"]);
  expect(await scanned()).toEqual(["Update acme/web to main-10 in production"]);
  await world.ada("PATCH", "/pulls/1", { state: "closed" });
  expect(await scanned()).toEqual([]);
  await pushImage(world.registry, "acme/web:main-11");
  expect(await scanned()).toEqual(["Update acme/web to main-11 in production"]);
});

test("a mutable tag is followed by its digest, and nothing else of the file changes", async () => {
  await start("acme/web:stable", '  - { match: "**/web", policy: { digest: true } }\n', ["acme/web:stable"]);
  const first = await world.registry.push("acme/web", "stable", { labels: { build: "1" } });
  await scanned();
  const pinned = (await world.bumps("open")).find(({ title }) => title.includes("production"))!;
  const before = await world.read(production);
  expect(await world.read(production, pinned.headBranch)).toBe(before.replace("stable", `stable@${first}`));
  await world.ada("PUT", `/pulls/${pinned.number}/merge`, { merge_method: "squash" });
  const second = await world.registry.push("acme/web", "stable", { labels: { build: "2" } });
  await scanned();
  const moved = (await world.bumps("open")).find(({ title }) => title.includes("production"))!;
  expect(moved.number).not.toBe(pinned.number);
  expect(await world.read(production, moved.headBranch)).toBe(before.replace("stable", `stable@${second}`));
  expect(await scanned()).toHaveLength(2);
});
