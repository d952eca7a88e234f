import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { rebuildPull } from "../../../src/flows/scan/rebuild.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import { readBumpMarker } from "../../../src/plan/bump-marker.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;

afterEach(() => world.stop());

async function start(files: Record<string, string>, ...images: string[]): Promise<void> {
  world = await startScan(files, images);
}

async function scanned(): Promise<void> {
  value(await world.scan());
}

async function titles(): Promise<string[]> {
  return (await world.bumps("open")).map((pull) => pull.title).toSorted((a, b) => (a < b ? -1 : 1));
}

async function merge(number: number): Promise<void> {
  await world.ada("PUT", `/pulls/${number}/merge`, { merge_method: "squash" });
}

describe("a scan", () => {
  test("opens one pull request for each image and environment that changes the tag and nothing else", async () => {
    await start(
      { [web]: `# größer 🙂\n${pod("acme/web:1.0.0")}`, "apps/web/staging/web.yaml": pod("acme/web:1.0.0") },
      "acme/web:1.0.0",
      "acme/web:1.1.0",
      "acme/web:2.0.0-rc1",
    );
    await scanned();
    expect(await titles()).toEqual([
      "Update acme/web to 1.1.0 in production",
      "Update acme/web to 1.1.0 in staging",
    ]);
    const pull = (await world.bumps("open")).find(({ title }) => title.includes("production"))!;
    expect(pull.body.split("\n")[0]).toContain(
      `Moves \`${world.registry.host}/acme/web\` from \`1.0.0\` to \`1.1.0\` (minor, built on `,
    );
    expect(pull).toMatchObject({ labels: ["lockkeeper"], author: { login: "lockkeeper[bot]" } });
    expect(pull.headBranch).toMatch(/^lockkeeper\/bump\/web-production-[0-9a-f]{10}$/);
    const [before, after] = [await world.read(web), await world.read(web, pull.headBranch)];
    expect(after).toBe(before.replace("web:1.0.0", "web:1.1.0"));
    const files = await world.ada("GET", `/pulls/${pull.number}/files`);
    expect(files).toMatchObject([{ filename: web, additions: 1, deletions: 1 }]);
    expect(world.queued.map(({ key }) => key.flow)).toEqual(["check", "check"]);
  });

  test("run again writes nothing, and costs three requests that GitHub does not count", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    await scanned();
    const before = { ...world.forge.requests, tip: (await world.bumps("open"))[0]!.headSha };
    const same = { ...world.world };
    value(await scan(same, world.repository));
    const warm = { ...world.forge.requests };
    value(await scan(same, world.repository));
    expect(world.forge.requests.total - warm.total).toBeLessThanOrEqual(3);
    expect(world.forge.requests.notModified - warm.notModified).toBe(world.forge.requests.total - warm.total);
    expect(await world.bumps("open")).toMatchObject([{ number: 1, headSha: before.tip }]);
  });

  test("moves tag and digest together", async () => {
    await start({}, "acme/web:1.0.0");
    const old = await world.registry.push("acme/web", "1.0.0");
    const next = await world.registry.push("acme/web", "1.1.0");
    await world.write(web, pod(`acme/web:1.0.0@${old}`));
    await scanned();
    const [pull] = await world.bumps("open");
    expect(await world.read(web, pull!.headBranch)).toContain(`acme/web:1.1.0@${next}`);
  });

  test("updates its pull request when a still newer tag comes", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    const [pull, ...others] = await world.bumps("open");
    expect(others).toEqual([]);
    expect(pull).toMatchObject({ number: 1, title: "Update acme/web to 1.2.0 in production" });
    expect(await world.read(web, pull!.headBranch)).toContain("web:1.2.0");
  });

  test("builds the branch anew, as one commit on the new head, when base moves into its lines", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const head = await world.write(web, pod("acme/web:1.0.0").replace("name: c0", "name: renamed"));
    await scanned();
    const [pull] = await world.bumps("open");
    const commit = await world.ada("GET", `/git/commits/${pull!.headSha}`);
    expect(commit.parents.map(({ sha }: { sha: string }) => sha)).toEqual([head]);
    expect(await world.read(web, pull!.headBranch)).toMatch(/renamed\n +image: .*:1\.1\.0/);
  });

  test("leaves the branch alone when base moves elsewhere", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const [pull] = await world.bumps("open");
    await world.write("README.md", "hello");
    await scanned();
    expect((await world.bumps("open"))[0]?.headSha).toBe(pull?.headSha);
  });

  test("closes a pull request that base has overtaken, and takes its branch away", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    await world.write(web, pod("acme/web:1.1.0"));
    await scanned();
    const [closed] = await world.bumps("closed");
    expect(closed?.body).toMatch(/^> Closed by Lockkeeper: 1\.1\.0 is the latest of its kind\./);
    expect(await world.ada("GET", "/git/matching-refs/heads/lockkeeper/")).toEqual([]);
    await world.write(web, pod("acme/web:1.0.0"));
    await scanned();
    expect(await titles()).toHaveLength(1);
  });

  test("asks no registry without a configuration, which it offers, nor with a broken one", async () => {
    await start(
      { [web]: pod("acme/web:1.0.0"), [configPath]: "apps: [{ mode: apply }]" },
      "acme/web:1.0.0",
      "acme/web:1.1.0",
    );
    await scanned();
    await world.ada("DELETE", `/contents/${configPath}`, {
      message: "x",
      branch: "main",
      sha: (await world.ada("GET", `/contents/${configPath}`)).sha,
    });
    await scanned();
    expect(await titles()).toEqual(["Configure Lockkeeper"]);
    expect(world.registry.requests).toEqual([]);
  });

  test("touches only apps that let it propose, and images by their rules", async () => {
    const files = {
      [web]: pod("acme/web:1.0.0", "acme/pinned:1.0.0"),
      "apps/web/staging/web.yaml": pod("acme/web:1.0.0"),
      "elsewhere/web.yaml": pod("acme/web:1.0.0"),
      [configPath]: `apps:
  - { match: "apps/{app}/production", environment: production, mode: apply }
  - { match: "apps/{app}/staging", environment: staging, mode: observe }
images:
  - { match: "**/pinned", environments: production, policy: { semver: "~1.0" } }
pulls: { labels: [] }
`,
    };
    await start(
      files,
      "acme/web:1.0.0",
      "acme/web:1.1.0",
      "acme/pinned:1.0.0",
      "acme/pinned:1.0.7",
      "acme/pinned:1.1.0",
    );
    await scanned();
    expect(await titles()).toEqual([
      "Update acme/pinned to 1.0.7 in production",
      "Update acme/web to 1.1.0 in production",
    ]);
  });

  test("opens no more than the limit, the next one when there is room", async () => {
    const limited = `${config}pulls: { limit: 1 }\n`;
    await start(
      { [web]: pod("acme/a:1.0.0", "acme/b:1.0.0"), [configPath]: limited },
      "acme/a:1.0.0",
      "acme/a:1.1.0",
      "acme/b:1.0.0",
      "acme/b:1.1.0",
    );
    await scanned();
    const [first] = await titles();
    expect(await titles()).toHaveLength(1);
    await merge(1);
    await scanned();
    expect(await titles()).toHaveLength(1);
    expect((await titles())[0]).not.toBe(first);
  });

  test("makes pull requests of one file that merge one after the other without a conflict", async () => {
    const names = ["a", "b", "c"];
    await start(
      { [web]: pod(...names.map((name) => `acme/${name}:1.0.0`)) },
      ...names.flatMap((name) => [`acme/${name}:1.0.0`, `acme/${name}:1.1.0`]),
    );
    await scanned();
    expect(await world.bumps("open")).toHaveLength(3);
    for (const number of [1, 2, 3]) {
      await merge(number);
      await scanned();
    }
    expect(await world.read(web)).toBe(
      pod(...names.map((name) => `acme/${name}:1.1.0`)).replaceAll("REGISTRY", world.registry.host),
    );
    expect(await world.bumps("open")).toEqual([]);
  });

  test("puts images of one line into one pull request", async () => {
    const text =
      "apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: REGISTRY/acme/a:1.0.0 }, { image: REGISTRY/acme/b:1.0.0 }] }\n";
    await start({ [web]: text }, "acme/a:1.0.0", "acme/a:1.1.0", "acme/b:1.0.0", "acme/b:2.0.0");
    await scanned();
    expect(await titles()).toEqual(["Update acme/a to 1.1.0 and acme/b to 2.0.0 in production"]);
  });
});

describe("a version that people said no to", () => {
  test("by closing is not proposed again, and a later one is", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    await world.ada("PATCH", "/pulls/1", { state: "closed" });
    await scanned();
    expect(await titles()).toEqual([]);
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    expect(await titles()).toEqual(["Update acme/web to 1.2.0 in production"]);
  });

  test("by a revert is not proposed again, and a later one is", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    await merge(1);
    await scanned();
    await world.write(web, pod("acme/web:1.0.0"));
    await scanned();
    expect(await titles()).toEqual([]);
    await pushImage(world.registry, "acme/web:1.1.1");
    await scanned();
    expect(await titles()).toEqual(["Update acme/web to 1.1.1 in production"]);
  });
});

describe("a branch that somebody else pushed to", () => {
  test("is left alone, which its pull request says once, until somebody wants the edits discarded", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const { headBranch } = (await world.bumps("open"))[0]!;
    const tip = await world.write("apps/web/production/extra.yaml", "# mine", headBranch);
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    await scanned();
    const [edited] = await world.bumps("open");
    expect(edited).toMatchObject({ headSha: tip });
    expect(edited?.body.match(/Somebody else has pushed/g)).toHaveLength(1);
    const refused = await rebuildPull(world.world, world.repository, { number: 1, discard: false });
    expect(refused).toMatchObject({ ok: false, failure: { code: "rejected" } });
    expect(await world.bumps("open")).toMatchObject([{ headSha: tip }]);
    value(await rebuildPull(world.world, world.repository, { number: 1, discard: true }));
    const [rebuilt] = await world.bumps("open");
    expect(await world.read(web, headBranch)).toContain("1.2.0");
    expect(rebuilt?.body).not.toContain("Somebody else");
    expect(readBumpMarker(rebuilt!.body)?.commit).toBe(rebuilt?.headSha);
  });

  test("goes on in a sibling once the default branch changes its lines, and each links the other", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    const { headBranch } = (await world.bumps("open"))[0]!;
    const tip = await world.write("apps/web/production/extra.yaml", "# mine", headBranch);
    await world.write(web, `# moved down\n${await world.read(web)}`);
    await scanned();
    expect(await world.bumps("open")).toHaveLength(1);
    await world.write(web, (await world.read(web)).replace("name: c0", "name: renamed"));
    for (let run = 0; run < 3; run += 1) await scanned();
    const [sibling, first, ...others] = await world.bumps("open");
    expect(others).toEqual([]);
    expect(first).toMatchObject({ headBranch, headSha: tip });
    expect(first?.body).toMatch(/^> Somebody else has pushed .* it goes on in #\d+\.$/m);
    expect(sibling).toMatchObject({ headBranch: `${headBranch}-2`, title: first?.title });
    expect(sibling?.body).toContain(`It takes the place of #${first?.number}`);
    expect(await world.read(web, `${headBranch}-2`)).toMatch(/renamed[^]*web:1\.1\.0/);
    await world.ada("PATCH", `/pulls/${sibling?.number}`, { state: "closed" });
    for (let run = 0; run < 2; run += 1) await scanned();
    expect(await world.bumps("open")).toMatchObject([{ headBranch }]);
  });

  test("cannot be had for a pull request that is not ours", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0");
    const main = await world.ada("GET", "/git/ref/heads/main");
    await world.ada("POST", "/git/refs", { ref: "refs/heads/lockkeeper/bump/mine", sha: main.object.sha });
    await world.write("x", "y", "lockkeeper/bump/mine");
    await world.ada("POST", "/pulls", { title: "Mine", head: "lockkeeper/bump/mine", base: "main" });
    await scanned();
    expect(await titles()).toEqual(["Mine"]);
  });
});

describe("when something fails", () => {
  const startWithNews = async () => {
    const images = ["acme/a:1.0.0", "acme/a:1.1.0", "acme/b:1.0.0"];
    await start({ [web]: pod("acme/a:1.0.0", "acme/b:1.0.0") }, ...images);
    await scanned();
    await pushImage(world.registry, "acme/b:1.1.0");
  };

  test("an image that may not be listed waits with its pull request, the others go on", async () => {
    await startWithNews();
    world.registry.inject(refuseWith(403), { path: /acme\/a\// });
    await scanned();
    expect(await titles()).toEqual([
      "Update acme/a to 1.1.0 in production",
      "Update acme/b to 1.1.0 in production",
    ]);
  });

  test("a registry that is silent keeps no branch from following the base, nor its neighbours from being proposed", async () => {
    const both = pod("acme/a:1.0.0", "acme/b:1.0.0").replace(/    - name: c1\n/, "    -\n");
    await start(
      { [web]: both.replace("    -\n  ", "    - ") },
      "acme/a:1.0.0",
      "acme/a:1.1.0",
      "acme/b:1.0.0",
    );
    await scanned();
    const [before] = await world.bumps("open");
    await pushImage(world.registry, "acme/b:1.1.0");
    world.registry.inject(refuseWith(503), { path: /acme\/a\// });
    const text = await world.read(web);
    const head = await world.write(web, `# moved down\n${text}`);
    await scanned();
    const [after, ...others] = await world.bumps("open");
    expect(others).toEqual([]);
    expect(after).toMatchObject({ number: before!.number, body: expect.stringContaining("503") });
    const compared = await world.ada("GET", `/compare/main...${after!.headSha}`);
    expect(compared).toMatchObject({ ahead_by: 1, behind_by: 0, merge_base_commit: { sha: head } });
    expect(await world.read(web, after!.headBranch)).toMatch(/^# moved down[^]*a:1\.1\.0[^]*b:1\.1\.0/);
  });

  test("a registry that asks for a pause is asked again after it, and nothing is closed meanwhile", async () => {
    await startWithNews();
    world.registry.inject(refuseWith(429, "7"), { path: /acme\/a\// });
    await scanned();
    expect(await titles()).toContain("Update acme/a to 1.1.0 in production");
    expect(world.queued.find(({ key }) => key.flow === "scan")?.afterSeconds).toBeGreaterThanOrEqual(7);
  });

  test.each(["/git/refs", "/pulls", "/git/commits", "/git/trees"])(
    "a lost answer of %s leaves one pull request after the next scan",
    async (path) => {
      await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
      world.github.faults.add({ kind: "bad-gateway", after: true, method: "POST", match: `/repos/*${path}` });
      expect((await world.scan()).ok).toBe(false);
      for (let run = 0; run < 2; run += 1) await world.scan();
      const [pull, ...others] = await world.bumps("open");
      expect(others).toEqual([]);
      expect(pull?.labels).toEqual(["lockkeeper"]);
      const compared = await world.ada("GET", `/compare/main...${pull!.headSha}`);
      expect(compared).toMatchObject({ ahead_by: 1, behind_by: 0 });
    },
  );

  test("readers that lag behind a merge make no second pull request", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    await scanned();
    world.github.faults.add({ kind: "stale", milliseconds: 60_000 });
    await merge(1);
    await world.scan();
    world.github.faults.clear();
    await scanned();
    expect(await world.bumps("open")).toEqual([]);
    expect(await world.bumps("closed")).toMatchObject([{ number: 1, merged: true }]);
  });

  test("a branch without a pull request is taken over, without another commit", async () => {
    await start({ [web]: pod("acme/web:1.0.0") }, "acme/web:1.0.0", "acme/web:1.1.0");
    world.github.faults.add({ kind: "server-error", method: "POST", match: "/repos/*/pulls" });
    expect((await world.scan()).ok).toBe(false);
    const [ref] = await world.ada("GET", "/git/matching-refs/heads/lockkeeper/");
    await scanned();
    expect(await world.bumps("open")).toMatchObject([{ headSha: ref.object.sha }]);
  });
});
