import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { command as commandFlow } from "../../../src/flows/command/command.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;

afterEach(() => world.stop());

async function start(grouping = "image"): Promise<void> {
  const files = {
    [configPath]: `${config}pulls: { group: ${grouping} }\n`,
    [web]: pod("acme/web:1.0.0", "acme/api:1.0.0"),
  };
  world = await startScan(files, ["acme/web:1.0.0", "acme/web:1.1.0", "acme/api:1.0.0", "acme/api:2.0.0"]);
  value(await world.scan());
}

/** Says a command as ada, lets it be answered, and answers with what our App has replied last. */
async function say(number: number, text: string): Promise<string | undefined> {
  await world.ada("POST", `/issues/${number}/comments`, { body: `/lockkeeper ${text}` });
  value(await commandFlow(world.world, { flow: "command", repository: world.repository, number }));
  const thread: { user: { type: string }; body: string }[] = await world.ada(
    "GET",
    `/issues/${number}/comments`,
  );
  return thread.findLast(({ user }) => user.type === "Bot")?.body;
}

async function titles(): Promise<string[]> {
  value(await world.scan());
  return (await world.bumps("open")).map(({ title }) => title).toSorted((a, b) => (a < b ? -1 : 1));
}

describe("a held version", () => {
  test("closes its pull request with the reason, and is not proposed again until it is resumed", async () => {
    await start();
    const pull = (await world.bumps("open")).find(({ title }) => title.includes("web"))!;
    await say(pull.number, "hold it breaks @everyone's login");
    expect(await titles()).toEqual(["Update acme/api to 2.0.0 in production"]);
    const [held] = await world.bumps("closed");
    expect(held?.body).toMatch(/^> Held by `ada`: it breaks `@everyone.s` login$/m);
    await say(pull.number, "resume");
    expect(await titles()).toContain("Update acme/web to 1.1.0 in production");
    expect(await say(pull.number, "resume")).toBeUndefined();
  });

  test.each(["hold", "resume"])("is answered well though GitHub's answer to %s was lost", async (command) => {
    await start();
    const pull = (await world.bumps("open")).find(({ title }) => title.includes("web"))!;
    if (command === "resume") await say(pull.number, "hold");
    await world.ada("POST", `/issues/${pull.number}/comments`, { body: `/lockkeeper ${command}` });
    world.github.faults.add({ kind: "bad-gateway", after: true, method: "PATCH", match: "/repos/*/pulls/*" });
    const key = { flow: "command", repository: world.repository, number: pull.number } as const;
    expect((await commandFlow(world.world, key)).ok).toBe(false);
    value(await commandFlow(world.world, key));
    const branches = await world.ada("GET", `/git/matching-refs/heads/${pull.headBranch}`);
    expect(branches).toEqual([]);
    const thread: { body: string }[] = await world.ada("GET", `/issues/${pull.number}/comments`);
    expect(thread).toHaveLength(command === "resume" ? 2 : 1);
    expect((await titles()).includes("Update acme/web to 1.1.0 in production")).toBe(command === "resume");
  });

  test("says so where it was held by a close already", async () => {
    await start();
    const [pull] = await world.bumps("open");
    await world.ada("PATCH", `/pulls/${pull!.number}`, { state: "closed" });
    expect(await say(pull!.number, "hold")).toContain("closed, which holds its versions already");
  });

  test("that is greater ends it", async () => {
    await start();
    const pull = (await world.bumps("open")).find(({ title }) => title.includes("web"))!;
    await say(pull.number, "hold 1.1.0");
    await pushImage(world.registry, "acme/web:1.1.1");
    expect(await titles()).toContain("Update acme/web to 1.1.1 in production");
  });

  test("of several in one pull request leaves the others proposed", async () => {
    await start("app");
    const [pull] = await world.bumps("open");
    expect(await say(pull!.number, "hold 3.0.0")).toContain("moves nothing to 3.0.0");
    await say(pull!.number, "hold 2.0.0 not yet");
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in production"]);
  });

  test("that was merged and taken back can be resumed too", async () => {
    await start();
    const pull = (await world.bumps("open")).find(({ title }) => title.includes("web"))!;
    const before = await world.read(web);
    await world.ada("PUT", `/pulls/${pull.number}/merge`, { merge_method: "squash" });
    expect(await say(pull.number, "hold")).toContain("take it back on the default branch");
    await world.write(web, before);
    expect(await titles()).not.toContain("Update acme/web to 1.1.0 in production");
    await say(pull.number, "resume");
    expect(await titles()).toContain("Update acme/web to 1.1.0 in production");
  });

  test("is remembered when more pull requests have been closed since than GitHub lists at once", async () => {
    await start();
    const pull = (await world.bumps("open")).find(({ title }) => title.includes("web"))!;
    await world.ada("PATCH", `/pulls/${pull.number}`, { state: "closed" });
    await world.write("notes", "one", await branchOf("notes"));
    const { sha } = (await world.ada("GET", "/git/ref/heads/notes")).object;
    for (let count = 0; count < 301; count += 1) {
      await world.ada("POST", "/git/refs", { ref: `refs/heads/n${count}`, sha });
      const other = await world.ada("POST", "/pulls", { title: "Note", head: `n${count}`, base: "main" });
      await world.ada("PATCH", `/pulls/${other.number}`, { state: "closed" });
    }
    expect(await titles()).not.toContain("Update acme/web to 1.1.0 in production");
    await pushImage(world.registry, "acme/web:1.2.0");
    expect(await titles()).toContain("Update acme/web to 1.2.0 in production");
  }, 120_000);
});

async function branchOf(name: string): Promise<string> {
  const main = await world.ada("GET", "/git/ref/heads/main");
  await world.ada("POST", "/git/refs", { ref: `refs/heads/${name}`, sha: main.object.sha });
  return name;
}
