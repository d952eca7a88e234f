import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { appHash } from "../../../src/rollout/app-hash.ts";
import { applied } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  eventually,
  folder,
  manifests,
  merge,
  openPull,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;
const renamed = "apps/shop/production";

describe.each(clusterKinds)("a folder that is renamed by a signed pull request on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("is another app, which takes over what it names; nothing goes, and nobody is told of a drift", async () => {
    rollout = await startRollout(ground, (namespace) => manifests({ a: "one", b: "one" }, namespace));
    rollout.start();
    rollout.push();
    await applied(rollout);
    const before = await rollout.configMap("a");
    const { "maps.yaml": maps = "", "namespace.yaml": namespace = "" } = manifests(
      { a: "one", b: "two" },
      rollout.namespace,
    );
    const pull = await openPull(rollout, "rename", {
      [`${folder}/maps.yaml`]: null,
      [`${folder}/namespace.yaml`]: null,
      [`${renamed}/maps.yaml`]: maps,
      [`${renamed}/namespace.yaml`]: namespace,
    });
    await signOff(rollout, pull.sha);
    await merge(rollout, pull.number);
    const [old, next] = [folder, renamed].map((path) => appHash(rollout.repository.id, path));
    await eventually(() => {
      const found = rollout.world!.inventories.get(next!);
      expect(found?.pending).toBeNull();
      expect(found?.entries.size).toBe(3);
    });
    await eventually(async () => {
      rollout.push();
      await rollout.idle();
      expect(rollout.world!.inventories.get(old!)?.entries.size).toBe(0);
    });
    const after = await rollout.configMap("a");
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.metadata.labels?.["lockkeeper.dev/app"]).toBe(next);
    expect((await rollout.configMap("b"))?.["data"]).toEqual({ text: "two" });
    expect(await rollout.as("grace", "GET", "/issues?state=all&labels=lockkeeper")).toEqual([]);
  });
});
