import { afterEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import { createForge } from "../../../src/github/forge.ts";
import { type ScanWorld, config, pod, pushImage, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

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

/** What happens at a request of a scan: called before it is sent, and it may refuse to let it through. */
type Meanwhile = (request: { readonly method: string; readonly url: string }) => Promise<void>;

async function scannedWhile(meanwhile: Meanwhile): Promise<void> {
  const { appId, privateKey, apiUrl } = world.github;
  const forge = createForge({
    appId,
    privateKey,
    baseUrl: apiUrl,
    pacing: false,
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      await meanwhile({ method: init?.method ?? "GET", url });
      return fetch(input, init);
    },
  });
  await scan({ ...world.world, forge }, world.repository);
}

const movesBranch = ({ method, url }: Parameters<Meanwhile>[0]): boolean =>
  method !== "GET" && /\/graphql$|\/git\/refs\/./.test(url);
const describes = ({ method, url }: Parameters<Meanwhile>[0]): boolean =>
  method === "PATCH" && /\/pulls\/\d+$/.test(url);

/** An open bump to 2.0.0 that the next scan builds anew, as there is 3.0.0 by then. */
async function outdatedBump() {
  world = await startScan({ [web]: pod("acme/web:1.0.0") }, ["acme/web:1.0.0", "acme/web:2.0.0"]);
  await scanned();
  const [bump] = await world.bumps("open");
  await pushImage(world.registry, "acme/web:3.0.0");
  const end = async (how: string): Promise<unknown> =>
    how === "merged"
      ? world.ada("PUT", `/pulls/${bump!.number}/merge`, { merge_method: "squash" })
      : world.ada("PATCH", `/pulls/${bump!.number}`, { state: "closed" });
  return { bump: bump!, end };
}

test.each(["merged", "closed"])(
  "a bump that is %s in the moment in which it is built anew still says what it was about, so that a later version comes",
  async (how) => {
    const { bump, end } = await outdatedBump();
    let acted = false;
    await scannedWhile(async (request) => {
      if (acted || !movesBranch(request)) return;
      acted = true;
      await end(how);
    });
    expect(acted).toBe(true);
    expect(await world.bumps("closed")).toMatchObject([{ title: bump.title, body: bump.body }]);
    await scanned();
    expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/web to 3.0.0 in production" }]);
  },
);

test.each(["merged", "closed"])(
  "so it does for us where the process dies before that can be put back: %s",
  async (how) => {
    const { end } = await outdatedBump();
    let [acted, described, dead] = [false, false, false];
    await scannedWhile(async (request) => {
      if (!acted && movesBranch(request)) {
        acted = true;
        await end(how);
      }
      dead ||= described;
      described ||= describes(request);
      if (dead) throw new TypeError("the process is dead");
    });
    expect([acted, described, dead]).toEqual([true, true, true]);
    if (how === "merged") await world.write(web, pod("acme/web:1.0.0"), "main");
    await scanned();
    expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/web to 3.0.0 in production" }]);
    world.registry.deleteTag("acme/web", "3.0.0");
    await scanned();
    expect(await world.bumps("open")).toEqual([]);
  },
);

test("a bump that is merged once it was built anew, and before it says so, holds what was merged when that is taken back", async () => {
  const { end } = await outdatedBump();
  let acted = false;
  await scannedWhile(async (request) => {
    if (acted || !describes(request)) return;
    acted = true;
    await end("merged");
  });
  expect(acted).toBe(true);
  expect(await world.read(web)).toContain("web:3.0.0");
  expect(await world.bumps("closed")).toMatchObject([{ title: "Update acme/web to 3.0.0 in production" }]);
  await world.write(web, pod("acme/web:1.0.0"), "main");
  await scanned();
  expect(await world.bumps("open")).toEqual([]);
});

test("a bump whose new text was lost, and is written with the next scan, holds what it then says when it is closed", async () => {
  const { bump, end } = await outdatedBump();
  await scannedWhile(async (request) => {
    if (describes(request)) throw new TypeError("the process is dead");
  });
  expect(await world.bumps("open")).toMatchObject([{ title: bump.title }]);
  await scanned();
  expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/web to 3.0.0 in production" }]);
  await end("closed");
  await scanned();
  expect(await world.bumps("open")).toEqual([]);
});

test("of thirty open pull requests a merge has only those built anew whose lines it touched", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `image${index}`);
  const all = `${config}pulls: { limit: 100 }\n`;
  world = await startScan(
    { [configPath]: all, [web]: pod(...names.map((name) => `acme/${name}:1.0.0`)) },
    names.flatMap((name) => [`acme/${name}:1.0.0`, `acme/${name}:1.1.0`]),
  );
  const same = { ...world.world };
  const cost = async (): Promise<{ built: number; writes: number; requests: number }> => {
    const [all, before] = [world.github.hub.requests, world.forge.requests.total];
    all.length = 0;
    value(await scan(same, world.repository));
    const ours = all.filter(({ actor }) => actor === "lockkeeper[bot]");
    const writes = ours.filter(({ method, route }) => method !== "GET" && !route.includes("/issues"));
    const built = writes.filter(({ route }) => route.endsWith("/git/commits")).length;
    return { built, writes: writes.length, requests: world.forge.requests.total - before };
  };
  expect(await cost()).toMatchObject({ built: 30 });
  const [first] = await world.bumps("open");
  await world.ada("PUT", `/pulls/${first!.number}/merge`, { merge_method: "squash" });
  const merged = await cost();
  expect(merged).toMatchObject({ built: 0, writes: 0 });
  // The head (2), its files (tree, address, archive), the open pull requests, that the head follows the one before; and the
  // dashboard, which is read and written.
  expect(merged.requests).toBeLessThanOrEqual(9);
  const text = await world.read(web);
  await world.write(
    web,
    text.replace("- name: c7\n", "- name: seven\n").replace("- name: c21\n", "- name: x\n"),
  );
  expect(await cost()).toMatchObject({ built: 4 });
  expect(await world.bumps("open")).toHaveLength(29);
});

test("one that we closed and a person opened again holds its version when a person closes it", async () => {
  world = await startScan({ [web]: pod("acme/web:1.0.0") }, ["acme/web:1.0.0", "acme/web:1.1.0"]);
  await scanned();
  const [pull] = await world.bumps("open");
  await world.write(web, pod("acme/web:1.1.0"));
  await scanned();
  expect(await world.bumps("closed")).toHaveLength(1);
  await world.write(web, pod("acme/web:1.0.0"));
  await world.ada("POST", "/git/refs", { ref: `refs/heads/${pull!.headBranch}`, sha: pull!.headSha });
  await world.ada("PATCH", `/pulls/${pull!.number}`, { state: "open" });
  await scanned();
  const [open] = await world.bumps("open");
  expect(open?.body).not.toContain("Closed by Lockkeeper");
  await world.ada("PATCH", `/pulls/${pull!.number}`, { state: "closed" });
  await scanned();
  expect(await world.bumps("open")).toEqual([]);
});

test("a branch that somebody else pushed to goes on in no sibling because there is news of an image beside it", async () => {
  const kustomization = "apps/web/production/kustomization.yaml";
  const images = ["- name: REGISTRY/acme/a", "  newTag: 1.0.0", "- newTag: 1.0.0", "  name: REGISTRY/acme/b"];
  world = await startScan({ [kustomization]: `images:\n${images.join("\n")}\n` }, [
    "acme/a:1.0.0",
    "acme/a:1.1.0",
    "acme/b:1.0.0",
  ]);
  await scanned();
  const [bump] = await world.bumps("open");
  await world.write("apps/web/production/extra.yaml", "# mine", bump!.headBranch);
  await pushImage(world.registry, "acme/b:1.1.0");
  for (let run = 0; run < 2; run += 1) await scanned();
  expect(await world.bumps("open")).toMatchObject([{ number: bump!.number }]);
  await world.ada("DELETE", `/git/refs/heads/${bump!.headBranch}`);
  await scanned();
  expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/b to 1.1.0 in production" }]);
});

test("a bump that somebody else pushed to is no word against its versions when it is closed once it goes on in a sibling", async () => {
  world = await startScan({ [web]: pod("acme/web:1.0.0") }, ["acme/web:1.0.0", "acme/web:1.1.0"]);
  await scanned();
  const [bump] = await world.bumps("open");
  await world.write("apps/web/production/extra.yaml", "# mine", bump!.headBranch);
  await world.write(web, (await world.read(web)).replace("name: c0", "name: renamed"));
  for (let run = 0; run < 2; run += 1) await scanned();
  await world.ada("PATCH", `/pulls/${bump!.number}`, { state: "closed" });
  const text = await world.read(web);
  await world.write(web, pod("acme/other:1.0.0"));
  await scanned();
  expect(await world.bumps("open")).toEqual([]);
  await world.write(web, text);
  await scanned();
  expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/web to 1.1.0 in production" }]);
});
