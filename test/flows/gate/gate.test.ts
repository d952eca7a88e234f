/** Mode gate on the sandbox: one branch per app, at its newest signed commit, whoever pushes what. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Ground,
  type RolloutWorld,
  commit,
  config,
  eventually,
  folder,
  land,
  manifests,
  merge,
  openPull,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";

const gated = config.replace("mode: apply", "mode: gate").replace("    prune: true\n", "");
const branch = "lockkeeper/live/web-production";
const maps = (text: string) => manifests({ greeting: text }, "web-1")["maps.yaml"] ?? "";

let ground: Ground;
let rollout: RolloutWorld;

const main = async (): Promise<string> => (await rollout.as("ada", "GET", "/git/ref/heads/main")).object.sha;
const live = async (): Promise<string> =>
  (await rollout.as("ada", "GET", `/git/ref/heads/${branch}`)).object.sha;

async function at(sha: string): Promise<void> {
  await eventually(async () => expect(await live()).toBe(sha));
}

async function issues(): Promise<{ title: string; body: string; state: string }[]> {
  return rollout.as("ada", "GET", "/issues?state=all&labels=lockkeeper");
}

describe("an app in mode gate", () => {
  beforeAll(async () => {
    ground = await startGround("in-memory");
  });
  afterAll(() => ground.stop());
  afterEach(async () => {
    await rollout.stop();
  });

  async function begin(settings = gated): Promise<void> {
    rollout = await startRollout(ground, (namespace) => manifests({ greeting: "hello" }, namespace), {
      config: settings,
    });
    rollout.start();
    rollout.push();
  }

  test("has a branch that goes to what was merged signed, and nothing is applied", async () => {
    await begin();
    await at(await main());
    const { sha } = await land(rollout, "two", { "maps.yaml": maps("two") });
    await at(sha);
    await rollout.idle();
    expect(await rollout.configMap("greeting")).toBeNull();
    expect(await rollout.as("ada", "GET", "/deployments")).toEqual([]);
  });

  test("does not follow what was pushed directly, says so once, and goes on with its revert", async () => {
    await begin();
    const signed = await main();
    await at(signed);
    await commit(rollout, "main", `${folder}/maps.yaml`, maps("pushed"));
    rollout.push();
    await rollout.idle();
    // So long GitHub may take to show through which pull request a commit came.
    rollout.pass(61);
    for (let round = 0; round < 2; round++) {
      rollout.push();
      await rollout.idle();
    }
    await eventually(async () => expect(await issues()).toHaveLength(1));
    expect((await issues())[0]?.title).toMatch(/is not signed off$/);
    expect(await live()).toBe(signed);
    await land(rollout, "back", { "maps.yaml": maps("hello") });
    await eventually(async () => expect((await issues())[0]?.state).toBe("closed"));
    expect(await live()).toBe(signed);
    const { sha } = await land(rollout, "two", { "maps.yaml": maps("two") });
    await at(sha);
  });

  test("goes back with a revert that is signed off", async () => {
    await begin();
    await at(await main());
    const before = maps("hello");
    const { sha } = await land(rollout, "two", { "maps.yaml": maps("two") });
    await at(sha);
    const back = await land(rollout, "revert-two", { "maps.yaml": before });
    await at(back.sha);
    expect(await main()).toBe(back.sha);
  });

  test("stays where it is for a change of another app", async () => {
    await begin();
    const first = await main();
    await at(first);
    const pull = await openPull(rollout, "other", { "README.md": "hello" });
    await signOff(rollout, pull.sha);
    await merge(rollout, pull.number);
    await rollout.idle();
    expect(await live()).toBe(first);
  });

  test("is put back when somebody else moves or deletes its branch, and that is said once", async () => {
    await begin();
    const signed = await main();
    await at(signed);
    const { sha } = await openPull(rollout, "evil", { [`${folder}/maps.yaml`]: maps("evil") });
    await rollout.as("grace", "PATCH", `/git/refs/heads/${branch}`, { sha, force: true });
    rollout.push();
    await at(signed);
    rollout.push();
    await rollout.idle();
    const said = await issues();
    expect(said).toHaveLength(1);
    expect(said[0]?.title).toBe(`web-production: ${branch} was moved by hand`);
    expect(said[0]?.body).toContain("`grace` has moved");
    expect(said[0]?.body).toContain(sha.slice(0, 7));
    await rollout.as("grace", "DELETE", `/git/refs/heads/${branch}`);
    rollout.push();
    await at(signed);
    expect(await issues()).toHaveLength(1);
  });

  test("moves once, whatever was killed", async () => {
    await begin();
    await at(await main());
    await rollout.kill();
    const { sha } = await land(rollout, "two", { "maps.yaml": maps("two") });
    rollout.start();
    rollout.push();
    await at(sha);
    await rollout.idle();
    expect(await issues()).toEqual([]);
    const moves = await rollout.as("ada", "GET", `/activity?ref=refs/heads/${branch}`);
    expect(moves).toHaveLength(2);
  });

  test("is not served from a name that no branch can have", async () => {
    await begin(gated.replace("    environment:", '    name: "{app} {environment}"\n    environment:'));
    await rollout.idle();
    const refs = await rollout.as("ada", "GET", "/git/matching-refs/heads/lockkeeper");
    expect(refs).toEqual([]);
  });

  test.each(["gate", "observe"])(
    "comes from apply to %s with its objects as they stand, and nothing says any more that they drift",
    async (mode) => {
      await begin(config);
      await eventually(async () => expect(await rollout.configMap("greeting")).not.toBeNull());
      const { namespace } = rollout;
      const byHand = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "greeting", namespace } };
      const hand = { manager: "kubectl", force: true, dryRun: false, as: "self" } as const;
      expect((await rollout.cluster.apply({ ...byHand, data: { text: "by hand" } }, hand)).ok).toBe(true);
      const drift = async (state: string): Promise<{ number: number }[]> =>
        rollout.as("ada", "GET", `/issues?state=${state}&labels=lockkeeper/drift`);
      await eventually(async () => expect(await drift("open")).toHaveLength(1));
      const pull = await openPull(rollout, "gate", {
        ".github/lockkeeper.yml": gated
          .replace("mode: gate", `mode: ${mode}`)
          .replace("    drift: report\n", "")
          .replaceAll("{app}-{environment}", namespace),
        [`${folder}/maps.yaml`]: "",
        [`${folder}/other.yaml`]: maps("two").replace("greeting", "other"),
      });
      await signOff(rollout, pull.sha);
      const sha = await merge(rollout, pull.number);
      if (mode === "gate") await at(sha);
      await eventually(async () => expect(await drift("closed")).toHaveLength(1));
      await rollout.idle();
      expect((await rollout.configMap("greeting"))?.["data"]).toEqual({ text: "by hand" });
      expect(await rollout.configMap("other")).toBeNull();
    },
  );

  test("is applied by Lockkeeper itself once its mode says so", async () => {
    await begin();
    await at(await main());
    const pull = await openPull(rollout, "apply", {
      ".github/lockkeeper.yml": config.replaceAll("{app}-{environment}", rollout.namespace),
      [`${folder}/maps.yaml`]: maps("applied"),
    });
    await signOff(rollout, pull.sha);
    await merge(rollout, pull.number);
    await eventually(async () =>
      expect((await rollout.configMap("greeting"))?.["data"]).toEqual({ text: "applied" }),
    );
  });
});
