import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type SandboxCluster, startCluster } from "../../../src/sandbox/cluster.ts";
import { clusterKinds, eventually } from "../rollout-world.ts";
import { Reloading, allOf, auto, canary, container, deployment, keyOf } from "./reload-world.ts";
import { value } from "../user-call.ts";

let sandbox: SandboxCluster;
let reloading: Reloading;
let worlds = 0;

async function begin(...globs: string[]): Promise<void> {
  worlds += 1;
  reloading = await Reloading.open(sandbox, `reload-${worlds}`, globs.length > 0 ? globs : undefined);
  reloading.start();
}

/** A Deployment `web` with everything of a Secret `db`, on record. */
async function withSecret(annotations: object = auto): Promise<void> {
  await begin();
  await reloading.secret("db", { password: canary });
  await reloading.apply(deployment("web", allOf("Secret", "db"), annotations));
  await reloading.recorded("web");
}

/** Rollouts follow from nothing else. */
const template = async (name = "web"): Promise<string> => {
  const { spec } = (await reloading.live("Deployment", name)) as unknown as { spec: { template: object } };
  return JSON.stringify(spec.template);
};
/** How often it was told that something rolled. */
const rollouts = async (): Promise<number> =>
  (await reloading.events()).filter(({ message }) => String(message).startsWith("Rolled")).length;
const requests = () => new Map(reloading.cluster.requests);
const since = (before: ReadonlyMap<string, number>) =>
  Object.fromEntries(
    [...requests()]
      .map(([verb, count]) => [verb, count - (before.get(verb) ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

describe.each(clusterKinds)("reloads on %s", (kind) => {
  beforeAll(async () => {
    sandbox = await startCluster({ kind });
  });
  afterAll(() => sandbox.stop());
  afterEach(() => reloading.stop());

  test("a changed Secret rolls what uses it, once, and is told by name and key", async () => {
    await withSecret();
    expect(await reloading.hash("web")).toBeUndefined();
    await reloading.seen(await reloading.secret("db", { password: "another", user: "web" }));
    await reloading.ripe();
    const hash = await reloading.rolled("web", undefined);
    await reloading.ripe();
    expect(await reloading.hash("web")).toBe(hash);
    expect(await reloading.events()).toMatchObject([
      {
        type: "Normal",
        reason: "ConfigurationChanged",
        message: "Rolled: its configuration changed: Secret db (password, user)",
        involvedObject: { kind: "Deployment", name: "web" },
      },
    ]);
    const told = reloading.lines.filter((line) => line.includes("rolled for its configuration"));
    expect(told).toEqual([expect.stringContaining('"changed":"Secret db (password, user)"')]);
    expect(reloading.world.counts).toMatchObject({ rolled: 1, flapping: 0 });
  });

  test("nothing rolls at first sight, and nothing when we start again", async () => {
    await withSecret();
    const [before, record] = [await template(), await reloading.observed("web")];
    await reloading.kill();
    reloading.start();
    await reloading.seen(await reloading.live("Secret", "db"));
    await reloading.ripe();
    expect([await template(), await reloading.observed("web")]).toEqual([before, record]);
  });

  test("a change while we were down is not missed", async () => {
    await withSecret();
    await reloading.kill();
    const changed = await reloading.secret("db", { password: "another" });
    reloading.start();
    await reloading.seen(changed);
    await reloading.ripe();
    await reloading.rolled("web", undefined);
    expect((await reloading.events())[0]).toMatchObject({
      message: "Rolled: its configuration changed: Secret db (password)",
    });
  });

  test("a lost key restarts nothing: what there is is taken for what runs", async () => {
    await withSecret();
    const [before, record] = [await template(), await reloading.recorded("web")];
    await reloading.kill();
    const keys = {
      apiVersion: "v1",
      kind: "Secret",
      namespace: "lockkeeper-system",
      name: "lockkeeper-keys",
    };
    const { uid } = value(await reloading.cluster.get(keys)).metadata;
    value(await reloading.cluster.delete(keys, uid!, "self"));
    reloading.start();
    await eventually(async () => expect(await reloading.observed("web")).not.toBe(record));
    await reloading.ripe();
    expect(await template()).toBe(before);
    await reloading.seen(await reloading.secret("db", { password: "another" }));
    await reloading.ripe();
    await reloading.rolled("web", undefined);
  });

  test("where keys are named, the others roll nothing and cost one look", async () => {
    await begin();
    await reloading.configMap("settings", { a: "1", b: "1" });
    await reloading.apply(deployment("web", keyOf("ConfigMap", "settings", "a")));
    await reloading.recorded("web");
    const before = await template();
    await reloading.queue.idle();
    const asked = requests();
    await reloading.seen(await reloading.configMap("settings", { a: "1", b: "2" }));
    await reloading.ripe();
    expect(since(asked)).toEqual({ apply: 1, get: 1 });
    expect(await template()).toBe(before);
    await reloading.seen(await reloading.configMap("settings", { a: "2", b: "2" }));
    await reloading.ripe();
    await reloading.rolled("web", undefined);
    expect(since(asked)).toMatchObject({ create: 1 });
    expect(since(asked)["list"]).toBeUndefined();
  });

  test("a change that changes no value rolls nothing", async () => {
    await withSecret();
    const before = await template();
    const data = { password: Buffer.from(canary).toString("base64") };
    const labelled = { apiVersion: "v1", kind: "Secret", metadata: { name: "db", labels: { x: "y" } }, data };
    await reloading.seen(await reloading.apply(labelled));
    await reloading.ripe();
    expect(await template()).toBe(before);
  });

  test("what is deleted rolls nothing, and is compared when it comes back", async () => {
    await withSecret();
    const before = await template();
    const secret = await reloading.live("Secret", "db");
    const address = { apiVersion: "v1", kind: "Secret", namespace: reloading.namespace, name: "db" };
    value(await reloading.cluster.delete(address, secret.metadata.uid!, "self"));
    const room = reloading.world.watches.index.room(reloading.namespace);
    await eventually(() => expect(room.objects.has("Secret/db")).toBe(false));
    await reloading.ripe();
    await reloading.seen(await reloading.secret("db", { password: canary }));
    await reloading.ripe();
    expect(await template()).toBe(before);
    await reloading.seen(await reloading.secret("db", { password: "another" }));
    await reloading.ripe();
    await reloading.rolled("web", undefined);
  });

  test("a burst is one rollout, and flapping configuration is held back, told once, and ends in its last state", async () => {
    await withSecret();
    let last = "";
    const change = async (times: number, seconds: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        last = `value-${Math.random()}`;
        const changed = await reloading.secret("db", { password: last });
        reloading.clock.ahead += seconds;
        if (time % 20 === 0) await reloading.seen(changed);
      }
      await reloading.seen(await reloading.live("Secret", "db"));
    };
    await change(100, 0.6);
    await reloading.ripe();
    expect(await rollouts()).toBe(1);
    // It never stops for ten seconds: every burst ends after a minute at the latest.
    for (let minute = 0; minute < 6; minute += 1) {
      await change(1, 1);
      await reloading.ripe();
    }
    expect(await rollouts()).toBe(3);
    const messages = (await reloading.events()).map(({ message }) => message);
    expect(messages.filter((message) => String(message).startsWith("Flapping configuration"))).toHaveLength(
      1,
    );
    expect(reloading.lines.filter((line) => line.includes("flapping configuration"))).toHaveLength(1);
    const held = await reloading.hash("web");
    await reloading.kill();
    reloading.start();
    await reloading.seen(await reloading.live("Secret", "db"));
    await reloading.ripe();
    expect(await reloading.hash("web")).toBe(held);
    await reloading.ripe(3600);
    await reloading.ripe();
    await reloading.rolled("web", held);
    const end = await reloading.hash("web");
    await reloading.ripe(3600);
    expect([await reloading.hash("web"), await rollouts()]).toEqual([end, 4]);
  });

  test("whoever rolls the workload himself after the change spares it another rollout", async () => {
    await withSecret();
    await reloading.seen(await reloading.secret("db", { password: "another" }));
    const pod = container({ envFrom: [{ secretRef: { name: "db" } }], args: ["new"] });
    const record = await reloading.recorded("web");
    await reloading.apply(deployment("web", pod));
    const rolled = await template();
    await reloading.ripe();
    await eventually(async () => {
      reloading.pass(11);
      expect(await reloading.observed("web")).not.toBe(record);
    });
    expect(await template()).toBe(rolled);
    await reloading.seen(await reloading.secret("db", { password: "a third" }));
    await reloading.ripe();
    await reloading.rolled("web", undefined);
  });

  test("pause-period gathers changes for so long", async () => {
    await withSecret({ ...auto, "deployment.reloader.stakater.com/pause-period": "5m" });
    await reloading.seen(await reloading.secret("db", { password: "another" }));
    await reloading.ripe(240);
    expect(await reloading.hash("web")).toBeUndefined();
    await reloading.ripe(120);
    await reloading.rolled("web", undefined);
  });

  test("who asks no more loses the record and nothing else", async () => {
    await withSecret();
    await reloading.seen(await reloading.secret("db", { password: "another" }));
    await reloading.ripe();
    const hash = await reloading.rolled("web", undefined);
    const before = await template();
    await reloading.apply(deployment("web", allOf("Secret", "db"), {}));
    await eventually(async () => expect(await reloading.observed("web")).toBeUndefined());
    expect([await reloading.hash("web"), await template()]).toEqual([hash, before]);
  });

  test("while Reloader runs nothing rolls, which is said once; when it is gone, only what changes then", async () => {
    await withSecret();
    const image = "ghcr.io/stakater/reloader:v1.4.21";
    const pod = { containers: [{ name: "reloader", image }] };
    const theirs = (replicas: number) => {
      const { spec, ...rest } = deployment("theirs", pod, {}) as { spec: object };
      return reloading.apply({ ...rest, spec: { ...spec, replicas } });
    };
    await theirs(1);
    await eventually(() => expect(reloading.world.watches.reloader()).toBe("running"));
    const record = await reloading.recorded("web");
    await reloading.seen(await reloading.secret("db", { password: "another" }));
    await reloading.ripe();
    await eventually(async () => expect(await reloading.observed("web")).not.toBe(record));
    await theirs(0);
    await eventually(() => expect(reloading.world.watches.reloader()).toBe("absent"));
    await reloading.ripe();
    expect(await reloading.hash("web")).toBeUndefined();
    expect(reloading.lines.filter((line) => line.includes("runs here"))).toHaveLength(1);
    expect(reloading.lines.filter((line) => line.includes("is gone"))).toHaveLength(1);
    await reloading.seen(await reloading.secret("db", { password: "a third" }));
    await reloading.ripe();
    await reloading.rolled("web", undefined);
  });

  test("only the namespaces that are named are watched, and of all the others nothing is asked", async () => {
    await begin("reload-elsewhere-*");
    await reloading.secret("db", { password: canary });
    await reloading.apply(deployment("web", allOf("Secret", "db")));
    await eventually(() => expect(reloading.world.watches.reloader()).toBe("absent"));
    const name = `reload-elsewhere-${worlds}`;
    value(await reloading.cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
    await eventually(() => {
      reloading.queue.add({ flow: "reload", namespace: "" });
      expect(reloading.world.watches.synced(name)).toBe(true);
    });
    await reloading.apply({
      ...deployment("web", allOf("Secret", "db")),
      metadata: { name: "web", namespace: name, annotations: auto },
    });
    await eventually(async () => {
      const there = { apiVersion: "apps/v1", kind: "Deployment", namespace: name, name: "web" };
      const live = value(await reloading.cluster.get(there));
      expect(live.metadata.annotations?.["lockkeeper.dev/reload-observed"]).toBeDefined();
    });
    expect(reloading.world.watches.synced(reloading.namespace)).toBe(false);
    expect(await reloading.observed("web")).toBeUndefined();
  });

  test("no value of a Secret is in anything that is written", async () => {
    await withSecret();
    await reloading.seen(await reloading.secret("db", { password: `${canary}2`, user: canary }));
    await reloading.ripe();
    await reloading.rolled("web", undefined);
    const written = JSON.stringify([
      reloading.lines,
      await reloading.live("Deployment", "web"),
      await reloading.events(),
    ]);
    const { createHash } = await import("node:crypto");
    for (const secret of [canary, `${canary}2`]) {
      const base64 = Buffer.from(secret).toString("base64");
      const plain = ["sha1", "sha256", "md5"].flatMap((name) =>
        [secret, base64, `password=${secret}`].map((text) => createHash(name).update(text).digest("hex")),
      );
      for (const text of [
        secret,
        base64,
        encodeURIComponent(secret),
        ...plain.map((hash) => hash.slice(0, 12)),
      ]) {
        expect(written).not.toContain(text);
      }
    }
  });
});
