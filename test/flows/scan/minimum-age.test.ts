import { afterEach, beforeEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import type { World } from "../../../src/flows/world.ts";
import { readSeenMarker } from "../../../src/plan/first-seen.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { type ScanWorld, config, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
const hours = 3_600_000;
const began = Date.UTC(2026, 5, 10, 12, 0, 0);

let world: ScanWorld;
let process: World;
let now: number;

/** A process that has just started and remembers nothing. */
const restart = (): void => void (process = { ...world.world, clock: { now: () => new Date(now) } });

beforeEach(async () => {
  const rule = 'images: [{ match: "**/web", tags: { minimumAge: 2h, platforms: [] } }]\n';
  world = await startScan({ [web]: pod("acme/web:1.0.0"), [configPath]: config + rule }, ["acme/web:1.0.0"]);
  now = began;
  restart();
});
afterEach(() => world.stop());

async function scanned(): Promise<string[]> {
  world.queued.length = 0;
  value(await scan(process, world.repository));
  world.pass();
  return (await world.bumps("open")).map(({ title }) => title);
}

/** An image whose date its publisher has left out, or set. */
async function push(tag: string, created: Date = new Date(0)): Promise<void> {
  await world.registry.push("acme/web", tag, { created, labels: { build: `${tag} ${now}` } });
}

async function body(): Promise<string> {
  return (await world.ada("GET", "/issues?labels=lockkeeper%2Fdashboard&state=all"))[0].body;
}

const bump = ["Update acme/web to 1.1.0 in production"];

test("an image of no date waits from when it was seen first, which the dashboard says, and the scan comes back then", async () => {
  await push("1.1.0");
  expect(await scanned()).toEqual([]);
  expect(await body()).toMatch(/`1\.1\.0` in `production`, from 2026-06-10 14:00 UTC on/);
  expect(world.queued).toEqual([{ key: { flow: "scan", repository: world.repository }, afterSeconds: 7200 }]);
  const before = await body();
  now += 1.5 * hours;
  expect(await scanned()).toEqual([]);
  expect(world.queued.map(({ afterSeconds }) => afterSeconds)).toEqual([1800]);
  expect(await body()).toBe(before);
  now += 0.5 * hours;
  expect(await scanned()).toEqual(bump);
  expect(await body()).not.toContain("Waiting to be old enough");
  expect(world.queued.map(({ key }) => key.flow)).toEqual(["check"]);
});

test("an image that says it is old waits all the same, as its publisher sets that date", async () => {
  await push("1.1.0", new Date(began - 1000 * hours));
  expect(await scanned()).toEqual([]);
  now += 2 * hours;
  expect(await scanned()).toEqual(bump);
});

test("a date later than the first sight makes the wait longer", async () => {
  await push("1.1.0", new Date(began + hours));
  expect(await scanned()).toEqual([]);
  now += 2.5 * hours;
  expect(await scanned()).toEqual([]);
  now += 0.5 * hours;
  expect(await scanned()).toEqual(bump);
});

test("what is proposed stays proposed", async () => {
  await push("1.1.0");
  await scanned();
  now += 2 * hours;
  for (let run = 0; run < 3; run += 1) {
    expect(await scanned()).toEqual(bump);
    restart();
  }
});

test("the wait outlasts a restart", async () => {
  await push("1.1.0");
  await scanned();
  now += hours;
  restart();
  expect(await scanned()).toEqual([]);
  now += hours;
  restart();
  expect(await scanned()).toEqual(bump);
});

test("the wait begins anew when another image is behind the tag", async () => {
  await push("1.1.0");
  await scanned();
  now += 2 * hours;
  await push("1.1.0");
  expect(await scanned()).toEqual([]);
});

const forge = (text: string): string =>
  text.replace(/"sha256:[0-9a-f]*",\d+/, (entry) => entry.replace(/\d+$/, "1000"));

test.each<[string, (text: string) => string]>([
  ["forged an earlier time", forge],
  ["broken the marker", (text) => text.replace("lockkeeper:seen", "seen")],
  ["edited only the words", (text) => `hello\n${text}`],
])(
  "the wait begins anew after a restart where somebody has %s meanwhile, and is never cut short",
  async (_, edit) => {
    await push("1.1.0");
    await scanned();
    const edited = edit(await body());
    expect(edited).not.toBe(await body());
    await world.ada("PATCH", "/issues/1", { body: edited });
    world.pass();
    now += hours;
    restart();
    expect(await scanned()).toEqual([]);
    now += 1.5 * hours;
    expect(await scanned()).toEqual([]);
    now += hours;
    expect(await scanned()).toEqual(bump);
  },
);

test("an edit makes no difference to a process that remembers what it wrote", async () => {
  await push("1.1.0");
  await scanned();
  await world.ada("PATCH", "/issues/1", { body: forge(await body()) });
  now += hours;
  expect(await scanned()).toEqual([]);
  now += hours;
  expect(await scanned()).toEqual(bump);
});

test("a closed dashboard goes on remembering", async () => {
  await scanned();
  await world.ada("PATCH", "/issues/1", { state: "closed" });
  await push("1.1.0");
  await scanned();
  now += 2 * hours;
  restart();
  expect(await scanned()).toEqual(bump);
});

test("a registry that fails meanwhile makes nothing forgotten; what is no longer awaited is", async () => {
  await push("1.1.0");
  await scanned();
  const recover = world.registry.inject(refuseWith(403), { path: /tags\/list/ });
  now += hours;
  await scanned();
  expect(readSeenMarker(await body()).map(({ tag }) => tag)).toEqual(["1.1.0"]);
  recover();
  now += hours;
  expect(await scanned()).toEqual(bump);
  await world.ada("PUT", "/pulls/2/merge", { merge_method: "squash" });
  await scanned();
  expect(readSeenMarker(await body())).toEqual([]);
});
