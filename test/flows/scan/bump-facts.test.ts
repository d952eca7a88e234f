import { afterEach, describe, expect, test } from "vitest";
import { scan } from "../../../src/flows/scan/scan.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { actsOf } from "../../plan/github-markdown.ts";
import { type ScanWorld, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
const [old, next] = ["a".repeat(40), "b".repeat(40)];
let world: ScanWorld;

afterEach(() => world.stop());

function labelsOf(revision: string): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.source": `${world.github.webUrl}/acme/gitops.git`,
    "org.opencontainers.image.revision": revision,
  };
}

/** An image whose labels say that its sources lie in acme/gitops, which has a release for it. */
async function start(notes: string): Promise<void> {
  world = await startScan({ [web]: pod("acme/web:1.0.0") }, []);
  const created = new Date("2026-11-19T07:30:00Z");
  await world.registry.push("acme/web", "1.0.0", { labels: labelsOf(old) });
  await world.registry.push("acme/web", "1.1.0", { labels: labelsOf(next), created });
  for (const tag of ["v1.0.0", "v1.0.1", "v1.1.0"]) {
    await world.ada("POST", "/releases", { tag_name: tag, body: `${tag}: ${notes}` });
  }
}

async function body(): Promise<string> {
  value(await world.scan());
  return (await world.bumps("open"))[0]!.body;
}

describe("a bump tells of its image", () => {
  test("when it was built, its digest and platforms, what changed in its sources, and their release notes", async () => {
    await start("Faster.");
    const text = await body();
    expect(text.split("\n")[0]).toContain("(minor, built on 2026-11-19)");
    expect(text).toMatch(/\| 2026-11-19 07:30 \| `sha256:[0-9a-f]{12}` \| `linux\/amd64` `linux\/arm64` \|/);
    expect(text).toContain(`(${world.github.webUrl}/acme/gitops/compare/${old}...${next})`);
    expect(text).toMatch(/v1\.1\.0: Faster\.[^]*v1\.0\.1: Faster\./);
    expect(text).not.toContain("v1.0.0: Faster.");
  });

  test("in no word that acts", async () => {
    await start("thanks @ada, fixes #1\n```\n</details>\n<img src=x> ![x](https://x.example) [y](http://y)");
    expect(actsOf(await body(), [`${world.github.webUrl}/acme/gitops/compare/`])).toEqual([]);
  });

  test("for no more than six requests to GitHub from the decision to the pull request, its label apart", async () => {
    await start("Faster.");
    await world.write(web, pod("acme/web:1.1.0"));
    const same = { ...world.world };
    const cost = async (): Promise<number> => {
      const before = world.forge.requests.total;
      value(await scan(same, world.repository));
      return world.forge.requests.total - before;
    };
    for (let run = 0; run < 2; run += 1) await cost();
    const idle = await cost();
    expect(idle).toBeLessThanOrEqual(3);
    await world.registry.push("acme/web", "1.2.0", { labels: labelsOf(next) });
    const [label, dashboard] = [1, 2];
    expect((await cost()) - idle - label - dashboard).toBeLessThanOrEqual(6);
  });

  test("only what can be had: without a word of the registry it is opened all the same", async () => {
    await start("Faster.");
    world.registry.inject(refuseWith(500), { path: /blobs/ });
    expect((await body()).split("\n")[0]).toContain("from `1.0.0` to `1.1.0` (minor) in");
  });
});
