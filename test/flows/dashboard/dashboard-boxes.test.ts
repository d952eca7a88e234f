import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { dashboard } from "../../../src/flows/dashboard/dashboard.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import type { World } from "../../../src/flows/world.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { type Answer, call, value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;
let process: World;
let number: number;
/** Calls the repository's API as tess, who may triage: edit issues and no more. */
let tess: ScanWorld["ada"];

async function start(files: Record<string, string>, ...images: string[]): Promise<void> {
  world = await startScan(files, images);
  process = { ...world.world };
  const { hub, apiUrl } = world.github;
  const token = world.github.addUser("tess");
  const account = hub.store.accounts.find(({ login }) => login === "tess")!;
  hub.store.repositories[0]!.collaborators.set(account, "triage");
  tess = (method, path, body) => call(`${apiUrl}/repos/acme/gitops${path}`, token, method, body);
  await scanned();
  number = (await world.ada("GET", "/issues?labels=lockkeeper%2Fdashboard"))[0].number;
}

afterEach(() => world.stop());

async function scanned(): Promise<void> {
  value(await scan(process, world.repository));
  world.pass();
}

async function body(): Promise<string> {
  return (await world.ada("GET", `/issues/${number}`)).body;
}

/** Ticks the first box of the line in which this stands. */
async function tick(words: string, by: ScanWorld["ada"] = world.ada): Promise<void> {
  const lines = (await body()).split("\n");
  const index = lines.findIndex((line) => line.startsWith("- [ ]") && line.includes(words));
  expect(index, `a box of ${words} in\n${lines.join("\n")}`).toBeGreaterThan(-1);
  lines[index] = lines[index]!.replace("[ ]", "[x]");
  await by("PATCH", `/issues/${number}`, { body: lines.join("\n") });
  world.pass();
}

/** Runs the flow, and the scan that it asks for. */
async function handled(by = process): Promise<void> {
  value(await dashboard(by, { flow: "dashboard", repository: world.repository }));
  world.pass();
}

async function comments(): Promise<string[]> {
  const thread: Answer[] = await world.ada("GET", `/issues/${number}/comments`);
  return thread.map((comment) => comment.body.replaceAll(/\s*<!--.*?-->\s*/gs, ""));
}

const flows = (): string[] => world.queued.map(({ key }) => key.flow);

describe("a ticked box", () => {
  beforeEach(async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
  });

  test("builds a pull request anew, as the command does, and is cleared", async () => {
    const [before] = await world.bumps("open");
    await world.write("README.md", "hello");
    await tick("#1");
    await handled();
    const [after] = await world.bumps("open");
    expect(after?.headSha).not.toBe(before?.headSha);
    expect(await body()).not.toContain("[x]");
    expect(flows().at(-1)).toBe("scan");
    expect(await comments()).toEqual([]);
    await handled();
    expect((await world.bumps("open"))[0]?.headSha).toBe(after?.headSha);
  });

  test("looks for new images", async () => {
    const before = flows().length;
    await tick("look for new images");
    await handled();
    expect(flows().slice(before)).toEqual(["scan", "scan"]);
    expect(await body()).not.toContain("[x]");
  });

  test("outlives a scan that runs before it is handled, which puts it on the queue", async () => {
    await tick("#1");
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    expect(await body()).toContain("[x]");
    expect(flows()).toContain("dashboard");
    await handled();
    await scanned();
    expect(await body()).toContain("- [ ]");
    expect(await body()).toContain("to 1.2.0");
  });

  test("of somebody who may not is cleared and answered once with what is missing", async () => {
    const [before] = await world.bumps("open");
    await world.write("README.md", "hello");
    for (let run = 0; run < 2; run += 1) {
      await tick("#1", tess);
      await handled();
      expect(await body()).not.toContain("[x]");
    }
    expect((await world.bumps("open"))[0]?.headSha).toBe(before?.headSha);
    expect(await comments()).toEqual([
      "#1: `/lockkeeper rebase` needs write permission on this repository; `tess` has triage.",
    ]);
  });

  test("needs the right of everybody who has edited since, as one may have ticked it for another", async () => {
    const [before] = await world.bumps("open");
    await world.write("README.md", "hello");
    await tick("#1", tess);
    await world.ada("PATCH", `/issues/${number}`, { body: `${await body()}\nthanks` });
    await handled();
    expect((await world.bumps("open"))[0]?.headSha).toBe(before?.headSha);
    expect(await comments()).toHaveLength(1);
  });

  test("is done again after an interruption, and then cleared", async () => {
    await tick("#1");
    world.github.faults.add({ kind: "server-error", method: "PATCH", match: `/repos/*/issues/${number}` });
    expect((await dashboard(process, { flow: "dashboard", repository: world.repository })).ok).toBe(false);
    expect(await body()).toContain("[x]");
    await handled({ ...process });
    expect(await body()).not.toContain("[x]");
    expect(await world.bumps("open")).toHaveLength(1);
  });

  test.each([
    ["of no command", '- [x] <!-- lockkeeper:do {"command":"merge","pull":1} --> merge'],
    ["on a pull request that is not there", '- [x] <!-- lockkeeper:do {"command":"rebase","pull":99} --> x'],
    ["of a command that is not for boxes", '- [x] <!-- lockkeeper:do {"command":"hold","pull":1} --> x'],
  ])("%s that a person has written does nothing and is cleared", async (_, line) => {
    const [before] = await world.bumps("open");
    await world.ada("PATCH", `/issues/${number}`, { body: `${await body()}\n${line}` });
    await handled();
    expect(await body()).not.toContain("[x]");
    expect(await comments()).toEqual([]);
    expect(await world.bumps("open")).toMatchObject([{ headSha: before?.headSha }]);
  });

  test("on the dashboard that was unlabelled counts, and the label comes back", async () => {
    await world.ada("DELETE", `/issues/${number}/labels/${encodeURIComponent("lockkeeper/dashboard")}`);
    await handled();
    const { labels } = await world.ada("GET", `/issues/${number}`);
    expect(labels.map(({ name }: Answer) => name)).toContain("lockkeeper/dashboard");
  });
});

test("what waits for the limit is opened by its box", async () => {
  const limited = `${config}pulls: { limit: 1 }\n`;
  const images = ["a", "b", "c"].flatMap((name) => [`acme/${name}:1.0.0`, `acme/${name}:1.1.0`]);
  const files = { [web]: pod("acme/a:1.0.0", "acme/b:1.0.0", "acme/c:1.0.0"), [configPath]: limited };
  await start(files, ...images);
  const waiting = /`(Update acme\/. to 1\.1\.0 in production)`: The limit/.exec(await body())![1]!;
  await tick(waiting);
  await handled();
  await scanned();
  expect((await world.bumps("open")).map(({ title }) => title)).toContain(waiting);
  expect(await world.bumps("open")).toHaveLength(2);
  expect(await body()).toContain("2 pull requests open, 1 update waiting.");
});

test("a version that was said no to is proposed again by its box", async () => {
  await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
  await world.ada("PATCH", "/pulls/1", { state: "closed" });
  await scanned();
  await tick("#1");
  await handled();
  await scanned();
  expect((await world.bumps("open")).map(({ title }) => title)).toEqual([
    "Update acme/web to 1.1.0 in production",
  ]);
});

test("what others have pushed is dropped by its box, which says so", async () => {
  await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
  const { headBranch } = (await world.bumps("open"))[0]!;
  await world.write("extra.yaml", "# mine", headBranch);
  await scanned();
  expect(await body()).toContain("somebody else has pushed to it");
  await tick("#1");
  await handled();
  await scanned();
  expect(await body()).not.toContain("somebody else has pushed to it");
  const files = await world.ada("GET", "/pulls/1/files");
  expect(files.map(({ filename }: Answer) => filename)).toEqual([web]);
});
