import { afterEach, describe, expect, test } from "vitest";
import { scan } from "../../../src/flows/scan/scan.ts";
import { type ScanWorld, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;

afterEach(() => world.stop());

/** A pull request as another bot opens it: an edit of one file on a branch of its own, begun before main moved on. */
async function openOther(branch: string, edit: (text: string) => string): Promise<number> {
  const main = await world.ada("GET", "/git/ref/heads/main");
  await world.ada("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: main.object.sha });
  await world.write(web, edit(await world.read(web)), branch);
  await world.write("apps/web/production/other.yaml", "# added above");
  await world.write(web, `# moved down\n${await world.read(web)}`);
  const pull = await world.ada("POST", "/pulls", { title: "Update", head: branch, base: "main" });
  return pull.number;
}

async function titles(): Promise<readonly string[]> {
  value(await world.scan());
  return (await world.bumps("open"))
    .filter(({ author }) => author.bot)
    .map(({ title }) => title)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

describe("a bump that another bot has open", () => {
  const start = async (): Promise<void> => {
    const images = ["acme/web:1.0.0", "acme/web:1.1.0", "acme/api:1.0.0", "acme/api:1.2.0"];
    world = await startScan({ [web]: pod("acme/web:1.0.0", "acme/api:1.0.0") }, images);
  };

  test("is not opened a second time, until that one is closed; its neighbours are", async () => {
    await start();
    const number = await openOther("renovate/web-1.x", (text) => text.replace("web:1.0.0", "web:1.0.5"));
    expect(await titles()).toEqual(["Update acme/api to 1.2.0 in production"]);
    await world.ada("PATCH", `/pulls/${number}`, { state: "closed" });
    expect(await titles()).toHaveLength(2);
  });

  test("is looked at once for each of its commits", async () => {
    await start();
    await openOther("renovate/web-1.x", (text) => text.replace("web:1.0.0", "web:1.0.5"));
    const same = { ...world.world };
    value(await scan(same, world.repository));
    value(await scan(same, world.repository));
    const before = world.forge.requests.total;
    value(await scan(same, world.repository));
    expect(world.forge.requests.total - before).toBeLessThanOrEqual(4);
  });

  test.each([
    ["a person's branch", "try-web", (text: string) => text.replace("web:1.0.0", "web:1.0.5")],
    [
      "a bot's change of another line",
      "renovate/name",
      (text: string) => text.replace("name: pod", "name: x"),
    ],
  ])("is not taken for one in %s", async (_, branch, edit) => {
    await start();
    await openOther(branch, edit);
    expect(await titles()).toHaveLength(2);
  });
});
