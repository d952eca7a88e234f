import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;

afterEach(() => world.stop());

async function start(settings = ""): Promise<void> {
  world = await startScan(
    { [configPath]: `${config}${settings}`, [web]: pod("acme/web:1.0.0") },
    ["acme/web:1.0.0", "acme/web:1.1.0"],
    ["grace"],
  );
  value(await world.scan());
}

async function tip(branch: string): Promise<string> {
  return (await world.ada("GET", `/git/ref/heads/${branch}`)).object.sha;
}

/** What a scan costs once all is settled, in requests and in those that GitHub counts. */
async function idleCost(): Promise<{ readonly total: number; readonly counted: number }> {
  const same = { ...world.world };
  for (let run = 0; run < 3; run += 1) value(await scan(same, world.repository));
  const before = { ...world.forge.requests };
  value(await scan(same, world.repository));
  const { total, notModified } = world.forge.requests;
  return {
    total: total - before.total,
    counted: total - before.total - (notModified - before.notModified),
  };
}

describe("an idle scan writes nothing", () => {
  test("where somebody has pushed to a branch and emptied the description", async () => {
    await start();
    const [pull] = await world.bumps("open");
    await world.write("apps/web/production/extra.yaml", "# mine", pull!.headBranch);
    await world.ada("PATCH", `/pulls/${pull!.number}`, { body: "mine now" });
    const cost = await idleCost();
    expect(cost.counted).toBe(0);
    const [told] = await world.bumps("open");
    expect(told?.body).toMatch(/Somebody else has pushed[^]*mine now/);
  });

  test("where a branch that was pushed to stands on commits that were taken off the default branch", async () => {
    await start();
    const kept = await tip("main");
    await world.write("secret.txt", "oops");
    await pushImage(world.registry, "acme/web:1.2.0");
    value(await world.scan());
    const [pull] = await world.bumps("open");
    await world.write("apps/web/production/extra.yaml", "# mine", pull!.headBranch);
    await world.ada("PATCH", "/git/refs/heads/main", { sha: kept, force: true });
    expect(await idleCost()).toEqual({ total: 3, counted: 0 });
    expect(await world.bumps("open")).toHaveLength(2);
  });

  test("where a version is held", async () => {
    await start();
    await world.ada("PATCH", "/pulls/1", { state: "closed" });
    expect(await idleCost()).toMatchObject({ counted: 0 });
  });
});

describe("people are asked to review", () => {
  test("once, where no label is wanted", async () => {
    await start("pulls: { labels: [], reviewers: [user:grace] }\n");
    const asked = await world.ada("GET", "/pulls/1");
    expect(asked).toMatchObject({ requested_reviewers: [{ login: "grace" }], labels: [] });
    await world.ada("DELETE", "/pulls/1/requested_reviewers", { reviewers: ["grace"] });
    value(await world.scan());
    expect(await world.ada("GET", "/pulls/1")).toMatchObject({ requested_reviewers: [] });
  });
});
