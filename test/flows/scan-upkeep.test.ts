import { afterEach, expect, test } from "vitest";
import { scan } from "../../src/flows/scan.ts";
import { type ScanWorld, pod, pushImage, startScan } from "./scan-world.ts";
import { value } from "./user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;

afterEach(() => world.stop());

async function scanned(): Promise<void> {
  value(await world.scan());
}

async function tip(branch: string): Promise<string> {
  return (await world.ada("GET", `/git/ref/heads/${branch}`)).object.sha;
}

test("a pull request does not bring back what a force-push took off the default branch", async () => {
  world = await startScan({ [web]: pod("acme/web:1.0.0") }, ["acme/web:1.0.0", "acme/web:1.1.0"]);
  const kept = await tip("main");
  await world.write("secret.txt", "oops");
  await scanned();
  await world.ada("PATCH", "/git/refs/heads/main", { sha: kept, force: true });
  await scanned();
  const [pull, ...others] = await world.bumps("open");
  expect(others).toEqual([]);
  const { commits } = await world.ada("GET", `/compare/main...${pull!.headSha}`);
  expect(commits).toMatchObject([{ parents: [{ sha: kept }] }]);
});

test("a revert that a person merged is deployed, and the version not proposed again in 100 scans", async () => {
  world = await startScan({ [web]: pod("acme/web:1.4.1") }, ["acme/web:1.4.1", "acme/web:1.4.2"]);
  await scanned();
  const [bump] = await world.bumps("open");
  await world.ada("PUT", `/pulls/${bump!.number}/merge`, { merge_method: "squash" });
  await scanned();
  await world.write(web, pod("acme/web:1.4.1"), "main");
  const same = { ...world.world };
  for (let run = 0; run < 100; run += 1) value(await scan(same, world.repository));
  await scanned();
  expect(await world.bumps("open")).toEqual([]);
  expect(await world.read(web)).toContain("web:1.4.1");
  await pushImage(world.registry, "acme/web:1.4.3");
  await scanned();
  expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/web to 1.4.3 in production" }]);
});
