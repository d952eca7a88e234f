import { afterEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import { type ScanWorld, config, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
const images = ["acme/web:1.0.0", "acme/web:1.1.0", "acme/api:1.0.0", "acme/api:1.2.0"];
let world: ScanWorld;

afterEach(() => world.stop());

async function start(pulls: string, files: Readonly<Record<string, string>>): Promise<void> {
  world = await startScan({ [configPath]: `${config}pulls: ${pulls}\n`, ...files }, images, [
    "grace",
    "linus",
  ]);
}

describe("the settings of pull requests", () => {
  test("ask people to review, assign and label, and whoever cannot be asked keeps nobody else from it", async () => {
    const pulls =
      "{ reviewers: [user:grace, team:acme/nobody, team:acme/sre], assignees: [linus], labels: [bump] }";
    await start(pulls, { [web]: pod("acme/web:1.0.0") });
    world.github.addTeam("acme", "sre", ["ada"]);
    value(await world.scan());
    expect(await world.ada("GET", "/pulls/1")).toMatchObject({
      requested_reviewers: [{ login: "grace" }],
      requested_teams: [{ slug: "sre" }],
      assignees: [{ login: "linus" }],
      labels: [{ name: "bump" }],
      draft: false,
    });
    expect(world.warnings).toContain("a reviewer of the configuration cannot be asked");
  });

  test("open drafts where they are asked for", async () => {
    await start("{ draft: true }", { [web]: pod("acme/web:1.0.0") });
    value(await world.scan());
    expect(await world.ada("GET", "/pulls/1")).toMatchObject({ draft: true });
  });

  test("put all images of an app into one pull request, which a newer version changes", async () => {
    await start("{ group: app }", {
      [web]: pod("acme/web:1.0.0", "acme/api:1.0.0"),
      "apps/web/production/job.yaml": pod("acme/api:1.0.0"),
      "apps/api/production/api.yaml": pod("acme/api:1.0.0"),
    });
    value(await world.scan());
    const opened = await world.bumps("open");
    expect(opened.map(({ headBranch }) => headBranch.replace(/-[0-9a-f]{10}$/, "")).toSorted()).toEqual([
      "lockkeeper/bump/api-production",
      "lockkeeper/bump/web-production",
    ]);
    await world.registry.push("acme/web", "1.3.0");
    value(await world.scan());
    const [pull] = (await world.bumps("open")).filter(({ headBranch }) => headBranch.includes("web"));
    expect(opened.map(({ number }) => number)).toContain(pull!.number);
    expect(await world.read(web, pull!.headBranch)).toMatch(/web:1\.3\.0[^]*api:1\.2\.0/);
  });

  test("open nothing outside of their hours, and look again when they begin", async () => {
    await start("{ open: { days: mon-fri, hours: 08-18, timezone: Europe/Berlin } }", {
      [web]: pod("acme/web:1.0.0"),
    });
    const at = (time: string) =>
      scan({ ...world.world, clock: { now: () => new Date(time) } }, world.repository);
    value(await at("2026-07-04T06:00:00Z"));
    expect(await world.bumps("open")).toEqual([]);
    expect(world.queued).toContainEqual({
      key: { flow: "scan", repository: world.repository },
      afterSeconds: 48 * 3600,
    });
    value(await at("2026-07-06T06:00:00Z"));
    expect(await world.bumps("open")).toHaveLength(1);
    await world.registry.push("acme/web", "1.4.0");
    value(await at("2026-07-11T06:00:00Z"));
    expect(await world.bumps("open")).toMatchObject([{ title: "Update acme/web to 1.4.0 in production" }]);
  });
});
