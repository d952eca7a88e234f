import { afterEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { rebuildPull } from "../../../src/flows/scan/rebuild.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { type ScanWorld, config, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;
let heal: () => void;

afterEach(() => world.stop());

async function startSilent(): Promise<string> {
  world = await startScan({ [configPath]: config, [web]: pod("acme/web:1.0.0") }, [
    "acme/web:1.0.0",
    "acme/web:1.1.0",
  ]);
  value(await world.scan());
  heal = world.registry.inject(refuseWith(403), { path: /acme\/web\/tags/ });
  const [pull] = await world.bumps("open");
  return pull!.headBranch;
}

async function rewrite(change: (body: string) => string): Promise<void> {
  const [pull] = await world.bumps("open");
  await world.ada("PATCH", `/pulls/${pull!.number}`, { body: change(pull!.body) });
}

const rebuild = () => rebuildPull(world.world, world.repository, { number: 1, discard: false });

test("what a person writes into the hidden marker is never built, though the registry is silent", async () => {
  const branch = await startSilent();
  const evil = `6.6.6@sha256:${"e".repeat(64)}`;
  await rewrite((body) => body.replace('"to":"1.1.0"', `"to":"${evil}"`));
  value(await rebuild());
  expect(await world.read(web, branch)).not.toContain("6.6.6");
  expect(await world.bumps("open")).toHaveLength(1);
});

test("what we wrote into it is, and whatever else people write beside it", async () => {
  const branch = await startSilent();
  await rewrite((body) => `Our ticket: 7\n\n${body}`);
  await world.write(web, (await world.read(web)).replace("name: c0", "name: web"));
  value(await world.scan());
  expect(await world.read(web, branch)).toMatch(/name: web\n.*web:1\.1\.0/);
});

test("a marker that is not ours is written anew once the registry answers", async () => {
  await startSilent();
  await rewrite((body) => body.replace(/"seal":"[^"]*"/, '"seal":"x"'));
  heal();
  value(await world.scan());
  const [healed] = await world.bumps("open");
  expect(healed?.body).not.toContain('"seal":"x"');
});
