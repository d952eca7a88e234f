import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import type { World } from "../../../src/flows/world.ts";
import { actsOf } from "../../plan/github-markdown.ts";
import { type ScanWorld, config, pod, startScan } from "../scan-world.ts";
import { type Answer, value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
const staging = "apps/web/staging/web.yaml";
const branch = "lockkeeper/configure";
let world: ScanWorld;
let process: World;

afterEach(() => world.stop());

async function start(files: Readonly<Record<string, string>>): Promise<void> {
  world = await startScan(files, ["acme/web:1.0.0", "acme/web:1.1.0"]);
  const { sha } = await world.ada("GET", `/contents/${configPath}`);
  await world.ada("DELETE", `/contents/${configPath}`, { message: "Without", branch: "main", sha });
  process = { ...world.world };
}

/** As one process would; `again` is one that has just started. */
async function scanned(by = process): Promise<void> {
  value(await scan(by, world.repository));
}

const again = (): Promise<void> => scanned({ ...process });

async function offers(state = "open"): Promise<Answer[]> {
  return await world.ada("GET", `/pulls?state=${state}`);
}

async function close(number: number): Promise<void> {
  world.pass();
  await world.ada("PATCH", `/pulls/${number}`, { state: "closed" });
}

const tip = async (): Promise<string> => (await world.ada("GET", `/git/ref/heads/${branch}`)).object.sha;

describe("a repository without a configuration", () => {
  beforeEach(() => start({ [web]: pod("acme/web:1.0.0"), [staging]: pod("acme/web:1.0.0") }));

  test("gets one pull request with a configuration made from what was found", async () => {
    await scanned();
    await again();
    const [pull, ...others] = await offers();
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: "Configure Lockkeeper",
      head: { ref: branch },
      base: { ref: "main" },
    });
    const files = await world.ada("GET", `/pulls/${pull.number}/files`);
    expect(files).toMatchObject([{ filename: configPath, status: "added" }]);
    expect(await world.read(configPath, branch)).toContain(
      '- match: "apps/{app}/{environment}" # every folder',
    );
    expect(pull.body).toContain("| `apps/web/production` | `production` | `");
    expect(pull.body).toContain("**2 image references** would be followed.");
    expect(await world.ada("GET", "/issues?state=all&labels=lockkeeper/dashboard")).toEqual([]);
  });

  test("costs three requests when nothing is new, none of which GitHub counts", async () => {
    await scanned();
    await world.github.settle();
    await scanned();
    const before = { ...world.forge.requests };
    await scanned();
    const cost = world.forge.requests.total - before.total;
    expect(cost).toBeLessThanOrEqual(3);
    expect(world.forge.requests.notModified - before.notModified).toBe(cost);
  });

  test("is scanned as usual once it is merged", async () => {
    await scanned();
    const [pull] = await offers();
    await world.ada("PUT", `/pulls/${pull.number}/merge`, { merge_method: "squash" });
    await again();
    expect(new Set((await offers()).map(({ title }) => title))).toEqual(
      new Set(["Update acme/web to 1.1.0 in production", "Update acme/web to 1.1.0 in staging"]),
    );
  });

  test("is left alone once it is closed, until it has one; and asked no more when that is taken away", async () => {
    await scanned();
    const [pull] = await offers();
    await close(pull.number);
    await world.write("apps/new/staging/new.yaml", pod("acme/web:1.0.0"));
    await again();
    expect(await offers()).toEqual([]);
    expect(await world.ada("GET", "/issues?state=all&labels=lockkeeper/dashboard")).toEqual([]);
    await world.write(configPath, config);
    await again();
    expect((await offers()).length).toBeGreaterThan(0);
    const { sha } = await world.ada("GET", `/contents/${configPath}`);
    await world.ada("DELETE", `/contents/${configPath}`, { message: "Off", branch: "main", sha });
    await again();
    expect((await offers()).filter(({ head }) => head.ref === branch)).toEqual([]);
  });

  test("is offered one again when a merged one is taken away", async () => {
    await scanned();
    const [pull] = await offers();
    await world.ada("PUT", `/pulls/${pull.number}/merge`, { merge_method: "squash" });
    const { sha } = await world.ada("GET", `/contents/${configPath}`);
    await world.ada("DELETE", `/contents/${configPath}`, { message: "Off", branch: "main", sha });
    await again();
    expect(await offers()).toMatchObject([{ title: "Configure Lockkeeper" }]);
  });

  test("is told why it is closed when a configuration comes another way", async () => {
    await scanned();
    const [pull] = await offers();
    await world.write(configPath, config);
    await again();
    const closed = await world.ada("GET", `/pulls/${pull.number}`);
    expect(closed).toMatchObject({ state: "closed", merged: false });
    expect(closed.body).toMatch(/^> Closed by Lockkeeper: the default branch has a configuration now\./);
    expect(await world.ada("GET", "/git/matching-refs/heads/lockkeeper/configure")).toEqual([]);
  });

  test("is told so too where that one is not understood", async () => {
    await scanned();
    const [pull] = await offers();
    await world.write(configPath, "apps: 1");
    await again();
    expect(await world.ada("GET", `/pulls/${pull.number}`)).toMatchObject({ state: "closed" });
  });

  test("has the branch built anew, as one commit on the new head, when other apps come", async () => {
    await scanned();
    const first = await tip();
    await world.write("README.md", "hello");
    await again();
    expect(await tip()).toBe(first);
    const head = await world.write("infrastructure/dns/dns.yaml", pod("acme/web:1.0.0"));
    await again();
    const { parents } = await world.ada("GET", `/git/commits/${await tip()}`);
    expect(parents.map(({ sha }: Answer) => sha)).toEqual([head]);
    expect(await world.read(configPath, branch)).toContain('"infrastructure/dns"');
    expect((await offers())[0].body).toContain("`infrastructure/dns`");
  });

  test("has what a person pushes to the branch kept, and is told so once", async () => {
    await scanned();
    const edited = await world.write(configPath, "apps: []\n", branch);
    await again();
    await world.write("infrastructure/dns/dns.yaml", pod("acme/web:1.0.0"));
    await again();
    expect(await tip()).toBe(edited);
    const [{ body, updated_at: updated }] = await offers();
    expect(body.match(/Somebody else has pushed to this branch/g)).toHaveLength(1);
    world.pass();
    await again();
    expect((await offers())[0].updated_at).toBe(updated);
  });

  test("has it closed, and opened anew, as images go and come", async () => {
    await scanned();
    const texts = await Promise.all([web, staging].map((path) => world.read(path)));
    for (const path of [web, staging]) await world.write(path, "kind: Nothing\n");
    await again();
    expect((await offers("closed"))[0].body).toMatch(/^> Closed by Lockkeeper: no image is found any more/);
    await world.write(web, texts[0]!);
    await again();
    expect(await offers()).toMatchObject([{ title: "Configure Lockkeeper" }]);
  });

  test("gets no second one from a run that was killed after the branch, or from an answer that was lost", async () => {
    world.github.faults.add({ kind: "bad-gateway", after: false, method: "POST", match: "/repos/*/pulls" });
    expect((await scan(process, world.repository)).ok).toBe(false);
    world.github.faults.add({ kind: "bad-gateway", after: true, method: "POST", match: "/repos/*/pulls" });
    expect((await scan(process, world.repository)).ok).toBe(false);
    await again();
    expect(await offers("all")).toHaveLength(1);
  });

  test("takes no pull request of a person for ours", async () => {
    await world.ada("POST", "/git/refs", {
      ref: `refs/heads/${branch}`,
      sha: (await world.ada("GET", "/commits/main")).sha,
    });
    await world.write("mine.txt", "mine", branch);
    const mine = await world.ada("POST", "/pulls", { title: "Mine", head: branch, base: "main" });
    const before = await tip();
    await scan(process, world.repository);
    expect(await world.ada("GET", `/pulls/${mine.number}`)).toMatchObject({ title: "Mine", state: "open" });
    expect(await tip()).toBe(before);
  });
});

describe("nothing is opened", () => {
  test.each([
    ["where no image is found", { "README.md": "hello" }],
    ["where all images stand in tests and examples", { "examples/web.yaml": pod("acme/web:1.0.0") }],
  ])("%s", async (_, files) => {
    await start(files);
    await scanned();
    expect(await offers("all")).toEqual([]);
  });
});

test("names from outside are shown as they are, and none of them acts", async () => {
  const folder = "apps/@octocat `<img src=x>` fixes #1 www.evil.example";
  await start({
    [`${folder}/web.yaml`]: pod("acme/web:1.0.0"),
    "apps/b/web.yaml": pod("acme/web:1.0.0"),
    [`${folder}/sub <!-- x -->/base/web.yaml`]: pod("acme/web:1.0.0"),
    "tests/@ada #2/web.yaml": pod("acme/web:1.0.0"),
  });
  await scanned();
  const [{ body }] = await offers();
  expect(body).toContain("fixes #1");
  expect(actsOf(body)).toEqual([]);
});
