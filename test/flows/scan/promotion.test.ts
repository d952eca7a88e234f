import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import type { DeploymentState } from "../../../src/ports/forge.ts";
import { dashboardLabels } from "../../../src/plan/dashboard.ts";
import { forgeDeployment } from "../../attacks/other-app.ts";
import { type ScanWorld, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const staging = "apps/web/staging/web.yaml";
const production = "apps/web/production/web.yaml";
const hour = 3_600_000;

const config = `apps:
  - match: "apps/{app}/{environment}"
    environment: "{environment}"
    mode: apply
environments:
  production: { promote: { from: staging, healthyFor: 1h } }
images:
  - { match: "**", environments: [staging], policy: { semver: "<0" } }
  - { match: "**" }
`;

let world: ScanWorld;
afterEach(() => world.stop());

async function start(files: Readonly<Record<string, string>> = {}): Promise<void> {
  const standing = { [staging]: pod("acme/web:1.1.0"), [production]: pod("acme/web:1.0.0") };
  const images = ["acme/web:1.0.0", "acme/web:1.1.0", "acme/web:1.2.0"];
  world = await startScan({ [configPath]: config, ...standing, ...files }, images);
}

/** As the deploy flow records it, at the commit that main has now. */
async function deploy(...states: readonly DeploymentState[]): Promise<number> {
  const { code, deployments } = world.forge.open(world.repository, "deploy");
  const { sha } = value(await code.head());
  const draft = { sha, task: "lockkeeper:web-staging", environment: "staging", description: "", payload: {} };
  const { id } = value(await deployments.create(draft));
  for (const state of states) value(await deployments.addStatus(id, { state, description: state }));
  return id;
}

/** What became of a deployment is moved to so many minutes ago. */
function agoAt(minutes: number, id: number): void {
  const createdAt = new Date(Date.now() - minutes * 60_000);
  for (const status of world.github.hub.store.repositories[0]!.deployments.get(id)?.statuses ?? [])
    Object.assign(status, { createdAt });
}

/** A scan by a process that has just started, some time from now. */
async function scanIn(ms: number): Promise<void> {
  const clock = { now: () => new Date(Date.now() + ms) };
  value(await scan({ ...world.world, clock }, world.repository));
}

async function titles(): Promise<readonly string[]> {
  return (await world.bumps("open")).map(({ title }) => title);
}

async function dashboard(): Promise<string> {
  const { issues } = world.forge.open(world.repository, "scan");
  return value(await issues.ours(dashboardLabels[1]))[0]?.body ?? "";
}

describe("a bump of an environment that promotes from another", () => {
  test("waits until that one has run the version healthy for the time, and is for no newer one", async () => {
    await start();
    await scanIn(0);
    expect(await titles()).toEqual([]);
    expect(await dashboard()).toContain("nothing that Lockkeeper applied runs in web-staging yet");
    await deploy("in_progress", "success");
    await scanIn(0);
    expect(await titles()).toEqual([]);
    expect(await dashboard()).toMatch(/runs 1\.1\.0 since .* UTC, and 1h of health are asked for, until/);
    const [wake] = world.queued.filter(({ key }) => key.flow === "scan").slice(-1);
    expect(wake?.afterSeconds).toBeGreaterThan(3500);
    expect(wake?.afterSeconds).toBeLessThanOrEqual(3600);
    await scanIn(hour);
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in production"]);
    expect(await world.read(production, (await world.bumps("open"))[0]!.headBranch)).toContain("web:1.1.0");
  });

  test("counts how long a version has run, however often it was deployed since, and from when it was the only one", async () => {
    const other = "apps/web/staging/other.yaml";
    await start({ [other]: pod("acme/web:1.0.0") });
    agoAt(60, await deploy("success"));
    await world.write(other, pod("acme/web:1.1.0"));
    agoAt(50, await deploy("success"));
    await world.write(other, pod("acme/other:1.0.0"));
    await deploy("inactive");
    await deploy("success");
    await scanIn(9 * 60_000);
    expect(await dashboard()).toMatch(/runs 1\.1\.0 since .* UTC, and 1h of health are asked for, until/);
    expect(await titles()).toEqual([]);
    await scanIn(10 * 60_000);
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in production"]);
  });

  test("does not count what runs there and was never healthy, nor what others say of it", async () => {
    await start();
    const { sha } = value(await world.forge.open(world.repository, "deploy").code.head());
    const task = "lockkeeper:web-staging";
    forgeDeployment(world.github, world.repository.id, { sha, task, payload: {} });
    await world.ada("POST", "/deployments", { ref: sha, task, auto_merge: false, required_contexts: [] });
    await scanIn(2 * hour);
    expect(await dashboard()).toContain("nothing that Lockkeeper applied runs in web-staging yet");
    const id = await deploy("in_progress");
    await world.ada("POST", `/deployments/${id}/statuses`, { state: "success", auto_inactive: false });
    await scanIn(2 * hour);
    expect(await dashboard()).toMatch(/web-staging is being moved to `?[0-9a-f]{7}/);
    const { deployments } = world.forge.open(world.repository, "deploy");
    value(await deployments.addStatus(id, { state: "failure", description: "no" }));
    await scanIn(2 * hour);
    expect(await dashboard()).toMatch(/web-staging is not healthy at `?[0-9a-f]{7}/);
    expect(await titles()).toEqual([]);
  });

  test("is taken back when what it proposes is no longer healthy there, and not while the next is tried", async () => {
    await start();
    await deploy("success");
    await scanIn(hour);
    await world.write(staging, pod("acme/web:1.2.0"));
    const next = await deploy("in_progress");
    await scanIn(hour);
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in production"]);
    const { deployments } = world.forge.open(world.repository, "deploy");
    value(await deployments.addStatus(next, { state: "success", description: "" }));
    await scanIn(0);
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in production"]);
    await scanIn(hour);
    expect(await titles()).toEqual(["Update acme/web to 1.2.0 in production"]);
    value(await deployments.addStatus(next, { state: "failure", description: "" }));
    await scanIn(hour);
    expect(await titles()).toEqual([]);
    expect((await world.bumps("closed"))[0]?.body).toContain("is not healthy at");
  });

  test("is read from the commit that was deployed, not from main", async () => {
    await start();
    await deploy("success");
    await world.write(staging, pod("acme/web:1.2.0"));
    await scanIn(hour);
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in production"]);
  });

  test("is never down, and never for an image that the other does not have", async () => {
    await start({
      [production]: pod("acme/web:1.1.0"),
      "apps/api/production/api.yaml": pod("acme/web:1.0.0"),
      "apps/job/staging/job.yaml": "a: b\n",
    });
    await world.write(staging, pod("acme/web:1.0.0"));
    await deploy("success");
    await scanIn(hour);
    expect(await titles()).toEqual([]);
    expect(await dashboard()).toContain("web-staging runs 1.0.0 and not 1.2.0 yet");
    expect(await dashboard()).toContain("no app there belongs to api-production");
    await world.write(staging, pod("acme/other:1.0.0"));
    await deploy("success");
    await scanIn(hour);
    expect(await dashboard()).toContain("web-staging does not use this image");
  });

  test("costs nothing once it is open: a scan again is three requests that GitHub does not count", async () => {
    await start();
    await deploy("success");
    const clock = { now: () => new Date(Date.now() + hour) };
    const lasting = { ...world.world, clock };
    for (let times = 0; times < 3; times++) value(await scan(lasting, world.repository));
    const before = { ...world.forge.requests };
    value(await scan(lasting, world.repository));
    const { total, notModified } = world.forge.requests;
    expect([total - before.total, notModified - before.notModified]).toEqual([3, 3]);
  });
});
