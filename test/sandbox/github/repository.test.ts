import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const told = async (): Promise<string[]> => {
  await world.github.settle();
  return world.receiver.take();
};

test("a renamed repository is found by its old name, by its number, and by git", async () => {
  await world.grace("POST", `${world.home}/issues`, { title: "Before" });
  await told();
  const renamed = await world.ada("PATCH", world.home, { name: "clusters" });
  expect(renamed.body.full_name).toBe("acme/clusters");
  expect(await told()).toEqual(["repository.renamed"]);

  const moved = await world.app("GET", `${world.home}/issues?state=all`);
  expect(moved.status).toBe(301);
  const address = moved.headers.get("location")!;
  expect(address).toBe(`${world.github.apiUrl}/repositories/${world.repository.id}/issues?state=all`);
  expect((await world.app("GET", address)).body[0].title).toBe("Before");
  expect((await world.app("POST", `${world.home}/issues`, { title: "No" })).status).toBe(307);

  const folder = await mkdtemp(join(tmpdir(), "renamed-"));
  const url = new URL(`${world.github.webUrl}/acme/gitops.git`);
  url.username = "x-access-token";
  url.password = world.github.addUser("grace");
  await promisify(execFile)("git", ["clone", "--quiet", url.href, folder], { timeout: 20_000 });
  expect(await readdir(folder)).toContain("README.md");
  await rm(folder, { recursive: true });

  // Another repository takes the name over.
  await world.github.addRepository("acme", "gitops", { permissions: { ada: "admin" }, public: true });
  expect((await world.ada("GET", world.home)).status).toBe(200);
});

test("strangers are not told where a private repository went", async () => {
  await world.ada("PATCH", "/repos/acme/clusters", { name: "fleet" });
  world.github.addUser("eve");
  const eve = world.as(world.github.addUser("eve"));
  expect((await eve("GET", "/repos/acme/clusters")).status).toBe(404);
});

test("settings are for administrators, and each change has its event", async () => {
  const home = "/repos/acme/fleet";
  await told();
  expect((await world.linus("PATCH", home, { private: false })).status).toBe(403);
  expect((await world.app("PATCH", home, { private: false })).status).toBe(403);
  await world.ada("PATCH", home, { private: false, description: "All clusters" });
  await world.ada("PATCH", home, { archived: true });
  expect(await told()).toEqual(["repository.edited", "repository.publicized", "repository.archived"]);
  const refused = await world.grace("POST", `${home}/issues`, { title: "Too late" });
  expect([refused.status, refused.body.message]).toEqual([403, "Repository was archived so is read-only."]);
  expect((await world.ada("PATCH", home, { archived: false, description: "No" })).status).toBe(403);
  expect((await world.ada("PATCH", home, { archived: false })).status).toBe(200);
  expect(await told()).toEqual(["repository.unarchived"]);
  expect((await world.grace("POST", `${home}/issues`, { title: "In time" })).status).toBe(201);
});
