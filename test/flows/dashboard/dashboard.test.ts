import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { dashboard } from "../../../src/flows/dashboard/dashboard.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import type { World } from "../../../src/flows/world.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { type Answer, value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;
/** One process: it remembers what it has written. */
let process: World;

afterEach(() => world.stop());

async function start(files: Record<string, string>, ...images: string[]): Promise<void> {
  world = await startScan(files, images);
  process = { ...world.world };
}

async function scanned(by = process): Promise<void> {
  value(await scan(by, world.repository));
  world.pass();
}

async function dashboards(state = "all"): Promise<readonly Answer[]> {
  return world.ada("GET", `/issues?labels=lockkeeper%2Fdashboard&state=${state}`);
}

/** What people see of the one dashboard. */
async function text(): Promise<string> {
  const [issue, ...others] = await dashboards();
  expect(others).toEqual([]);
  return issue.body.replaceAll(/<!--.*?-->/g, "").replaceAll(world.registry.host, "REGISTRY");
}

/** Headings of the sections, in their order. */
async function headings(): Promise<string[]> {
  return [...(await text()).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading!);
}

describe("the dashboard", () => {
  test("is opened by the first scan and says what is open", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const [issue] = await dashboards();
    expect(issue).toMatchObject({ title: "Lockkeeper dashboard", state: "open", number: 2 });
    expect(issue.labels.map(({ name }: Answer) => name)).toEqual(["lockkeeper", "lockkeeper/dashboard"]);
    expect((await text()).split("\n")[0]).toBe("1 pull request open.");
    expect(await text()).toContain("- [ ]  [#1](../pull/1) `Update acme/web to 1.1.0 in production`\n");
    expect(await text()).toContain("| `web-production` | `apps/web/production` |");
  });

  test("is opened where nothing is to be done, and not where there is no configuration", async () => {
    await start({ [web]: pod("acme/web:1.0.0"), [configPath]: "" }, "acme/web:1.0.0");
    await scanned();
    expect((await text()).split("\n")[0]).toBe(
      "Everything is as it should be: nothing is open and nothing waits.",
    );
    await world.stop();
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0");
    const { sha } = await world.ada("GET", `/contents/${configPath}`);
    await world.ada("DELETE", `/contents/${configPath}`, { message: "x", branch: "main", sha });
    await scanned();
    expect(await dashboards()).toEqual([]);
  });

  test("is written only when it says something else, by a process that has just started too", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const [before] = await dashboards();
    await scanned();
    await scanned({ ...process });
    expect((await dashboards())[0].updated_at).toBe(before.updated_at);
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    expect(await text()).toContain("`Update acme/web to 1.2.0 in production`");
  });

  test("tells the problems of a configuration that is not understood, with their lines", async () => {
    await start({ [web]: pod("acme/web:1.0.0"), [configPath]: `${config}limit: 3\n` }, "acme/web:1.0.0");
    await scanned();
    expect(await headings()).toEqual(["Problems of the configuration"]);
    expect(await text()).toContain("- `.github/lockkeeper.yml:5:1` ");
    await world.write(configPath, config);
    await scanned();
    expect(await headings()).toEqual(["Apps"]);
  });

  test("of apps that are only observed tells what would be proposed, and nothing else is written", async () => {
    const images = ["acme/web:1.0.0", "acme/web:1.1.0", "acme/api:1.0.0"];
    const files = {
      [web]: pod("acme/api:1.0.0", "acme/web:1.0.0"),
      [configPath]: config.replace("propose", "observe"),
    };
    await start(files, ...images);
    await scanned();
    expect(await world.bumps("open")).toEqual([]);
    expect(await world.ada("GET", "/git/matching-refs/heads/lockkeeper/")).toEqual([]);
    expect(await text()).toContain(
      `| \`${web}:10\` | \`REGISTRY/acme/web\` | \`1.0.0\` | \`1.1.0\` |\n| \`${web}:8\` | \`REGISTRY/acme/api\` | \`1.0.0\` | stays |`,
    );
  });

  test("tells which registries fail, how, and what to do", async () => {
    await start({ [web]: pod("acme/web:1.0.0", "acme/api:1.0.0") }, "acme/web:1.0.0", "acme/api:1.0.0");
    world.registry.inject(refuseWith(403), { path: /acme\/web\// });
    await scanned();
    expect(await text()).toMatch(
      /\| `REGISTRY` \| `REGISTRY\/acme\/web` \| access denied \(403\) \| .*right to pull this repository\. \|/,
    );
    expect((await text()).split("\n")[0]).toBe("1 image whose registry fails.");
  });

  test("tells what waits, what is held and what is not tracked", async () => {
    const limited = `${config}pulls: { limit: 1 }\n`;
    const files = {
      [web]: pod("acme/a:1.0.0", "acme/b:1.0.0", "acme/c:1.0.0", "acme/d"),
      [configPath]: limited,
    };
    const images = ["a", "b", "c"].flatMap((name) => [`acme/${name}:1.0.0`, `acme/${name}:1.1.0`]);
    await start(files, ...images, "acme/d:latest");
    await scanned();
    const [first] = await world.bumps("open");
    await world.ada("PATCH", `/pulls/${first!.number}`, { state: "closed" });
    await scanned();
    expect(await headings()).toEqual(["Open", "Waiting", "Held", "Apps"]);
    expect((await text()).split("\n")[0]).toBe("1 pull request open, 1 update waiting, 1 version held.");
    expect(await text()).toMatch(/`Update acme\/. to 1\.1\.0 in production`: The limit is 1 open at once\./);
    expect(await text()).toMatch(
      /`REGISTRY\/acme\/.` `1\.1\.0` in `apps.*`, as \[#1\]\(\.\.\/pull\/1\) was closed/,
    );
    expect(await text()).toContain("<summary>Found and not tracked: 1 place</summary>");
  });

  test("shows names from outside as they are, and none of them acts", async () => {
    const file = "apps/web/production/@octocat `<img src=x>` fixes #1.yaml";
    await start(
      { [file]: pod("acme/a:1.0.0", "acme/d"), [configPath]: config.replace("propose", "observe") },
      "acme/a:1.0.0",
    );
    await scanned();
    const bare = (await text()).replaceAll(/(`+).*?\1(?!`)/g, "");
    expect(bare).not.toMatch(/@octocat|<img|fixes/);
    expect(await text()).toContain(`\`\`${file}:8\`\``);
  });
});

describe("there is never a second dashboard", () => {
  const startWithNews = () => start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");

  test.each([
    ["after an answer that was lost", true],
    ["after a write that failed", false],
  ])("%s", async (_, after) => {
    await startWithNews();
    world.github.faults.add({ kind: "bad-gateway", after, method: "POST", match: "/repos/*/issues" });
    expect((await scan(process, world.repository)).ok).toBe(false);
    await scanned();
    await scanned({ ...process });
    expect(await dashboards()).toHaveLength(1);
  });

  test("when two scans run at the same time", async () => {
    await startWithNews();
    await Promise.all([scan(process, world.repository), scan(process, world.repository)]);
    await scanned();
    expect(await dashboards()).toHaveLength(1);
  });

  test("for longer than until the next start, even where GitHub did not tell of the first one", async () => {
    await startWithNews();
    await scanned();
    const [{ number, title, body, labels }] = await dashboards();
    const { issues } = world.forge.open(world.repository, "scan");
    value(await issues.create({ title, body, labels: labels.map(({ name }: Answer) => name) }));
    await scanned({ ...process });
    expect((await dashboards("open")).map((issue) => issue.number)).toEqual([number]);
    expect((await dashboards("closed"))[0].body).toContain(`It is #${number}.`);
  });

  test("because a person has opened one that looks the same", async () => {
    await startWithNews();
    const mine = {
      title: "Lockkeeper dashboard",
      body: "<!-- lockkeeper:dashboard {} -->",
      labels: ["lockkeeper/dashboard"],
    };
    const { number } = await world.ada("POST", "/issues", mine);
    await scanned();
    expect((await dashboards()).filter((issue) => issue.number !== number)).toMatchObject([
      { user: { login: "lockkeeper[bot]" } },
    ]);
    expect(await world.ada("GET", `/issues/${number}`)).toMatchObject({ body: mine.body, state: "open" });
  });

  test("but a new one where the first was deleted", async () => {
    await startWithNews();
    await scanned();
    world.github.hub.store.repositories[0]!.issues.delete(2);
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    expect(await dashboards()).toMatchObject([{ number: 3 }]);
  });
});

describe("a dashboard that a person has closed", () => {
  test("is left as it is until it is opened again", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const before = await text();
    await world.ada("PATCH", "/issues/2", { state: "closed" });
    await pushImage(world.registry, "acme/web:1.2.0");
    for (const by of [process, process, { ...process }]) await scanned(by);
    expect(await text()).toBe(before);
    expect(await dashboards("open")).toEqual([]);
    await world.ada("PATCH", "/issues/2", { state: "open" });
    await scanned({ ...process });
    expect(await text()).toContain("to 1.2.0");
  });

  test("is brought up to date as soon as it is opened again", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const key = { flow: "dashboard", repository: world.repository } as const;
    await world.ada("PATCH", "/issues/2", { state: "closed" });
    value(await dashboard(process, key));
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    expect(await text()).toContain("to 1.1.0");
    await world.ada("PATCH", "/issues/2", { state: "open" });
    world.queued.length = 0;
    value(await dashboard(process, key));
    expect(world.queued.map((one) => one.key)).toEqual([{ flow: "scan", repository: world.repository }]);
    await scanned();
    expect(await text()).toContain("to 1.2.0");
  });
});
