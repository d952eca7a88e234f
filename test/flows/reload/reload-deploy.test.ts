import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { suspects } from "../../../src/flows/drift/drift-find.ts";
import { hashAnnotation, observedAnnotation } from "../../../src/rollout/reload-workload.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  eventually,
  land,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;

const settings = (text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { text: ${text} }\n`;

/** Without a word of what reloads write; its own annotations are as empty as they can be. */
const web = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, annotations: { lockkeeper.dev/reload: auto } }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: {} }
    spec: { containers: [{ name: web, image: "web:${image}", envFrom: [{ configMapRef: { name: settings } }] }] }
`;

async function begin(): Promise<void> {
  rollout = await startRollout(
    ground,
    (namespace) => ({
      "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
      "settings.yaml": settings("one"),
      "web.yaml": web("1"),
    }),
    { reloads: true },
  );
  rollout.start();
  rollout.push();
  await deployed();
  await eventually(async () => expect(await observed()).toBeDefined());
}

async function deployed(sha?: string): Promise<void> {
  await eventually(async () => {
    const query = sha === undefined ? "" : `?sha=${sha}`;
    const [deployment] = await rollout.as("grace", "GET", `/deployments${query}`);
    const [status] = await rollout.as("grace", "GET", `/deployments/${deployment.id}/statuses`);
    expect(status.state).toBe("success");
  });
}

const address = () => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: rollout.namespace,
  name: "web",
});

async function annotations(): Promise<{ workload: Record<string, string>; pods: Record<string, string> }> {
  const live = value(await rollout.cluster.get(address())) as unknown as {
    metadata: { annotations?: Record<string, string> };
    spec: { template: { metadata: { annotations?: Record<string, string> } } };
  };
  return { workload: live.metadata.annotations ?? {}, pods: live.spec.template.metadata.annotations ?? {} };
}

const observed = async () => (await annotations()).workload[observedAnnotation];
const hash = async () => (await annotations()).pods[hashAnnotation];

/** One for every template that its Deployment has had. */
async function replicaSets(): Promise<number> {
  const kind = value(await rollout.cluster.kind("apps/v1", "ReplicaSet"));
  const all = value(await rollout.cluster.list(kind, "app=web"));
  return all.filter(({ metadata }) => metadata.namespace === rollout.namespace).length;
}

/** Waits until the change was seen, lets it ripen, and waits for what comes of it. */
async function recordedAnew(before: string | undefined): Promise<void> {
  await eventually(() => expect(rollout.reload?.reloads.waiting.size).toBe(1));
  rollout.ahead += 61;
  await eventually(async () => {
    rollout.look();
    expect(await observed()).not.toBe(before);
  });
}

async function longAfter(): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    rollout.ahead += 61;
    rollout.look();
    await eventually(() => expect(rollout.reload?.reloads.waiting.size).toBe(0));
  }
}

describe.each(clusterKinds)("reloads of an app that we apply, on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(async () => {
    ground.cluster.player.resume();
    await rollout.stop();
  });

  test("a merge of image and configuration is one rollout, and one of configuration alone is one", async () => {
    await begin();
    let record = await observed();
    const both = await land(rollout, "both", { "settings.yaml": settings("two"), "web.yaml": web("2") });
    await deployed(both.sha);
    await recordedAnew(record);
    await longAfter();
    expect([await hash(), await replicaSets()]).toEqual([undefined, 2]);

    record = await observed();
    const alone = await land(rollout, "alone", { "settings.yaml": settings("three") });
    await deployed(alone.sha);
    await recordedAnew(record);
    await longAfter();
    const written = await hash();
    await eventually(async () => expect(await replicaSets()).toBe(3));
    expect(written).toMatch(/^[0-9a-f]{32}$/);

    const image = await land(rollout, "image", { "web.yaml": web("3") });
    await deployed(image.sha);
    await longAfter();
    expect([await hash(), await replicaSets()]).toEqual([written, 4]);
  });

  test("waits for the rollout that is on its way", async () => {
    await begin();
    const record = await observed();
    ground.cluster.player.pause();
    const { sha } = await land(rollout, "slow", { "settings.yaml": settings("two"), "web.yaml": web("2") });
    await eventually(async () => {
      expect(JSON.stringify(value(await rollout.cluster.get(address())))).toContain("web:2");
    });
    await eventually(() => expect(rollout.reload?.reloads.waiting.size).toBe(1));
    rollout.ahead += 61;
    rollout.look();
    await rollout.idle();
    expect(await observed()).toBe(record);
    ground.cluster.player.resume();
    await deployed(sha);
    await recordedAnew(record);
    await longAfter();
    expect([await hash(), await replicaSets()]).toEqual([undefined, 2]);
  });

  test("a kill in between makes no second rollout", async () => {
    await begin();
    const record = await observed();
    const { sha } = await land(rollout, "killed", { "settings.yaml": settings("two"), "web.yaml": web("2") });
    await deployed(sha);
    await rollout.kill();
    expect(await observed()).toBe(record);
    rollout.start();
    await recordedAnew(record);
    await longAfter();
    expect([await hash(), await replicaSets()]).toEqual([undefined, 2]);
  });

  test("what reloads write is no drift and is not taken away", async () => {
    await begin();
    const record = await observed();
    const metadata = { name: "settings", namespace: rollout.namespace };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { other: "by an operator" } };
    const options = { manager: "operator", force: true, dryRun: false, as: "self" } as const;
    value(await rollout.cluster.apply(object, options));
    await recordedAnew(record);
    const written = await hash();
    expect(written).toBeDefined();
    rollout.push();
    await rollout.kill();
    rollout.start();
    rollout.push();
    await eventually(() => {
      const inventory = rollout
        .world!.inventories.all()
        .find((each) => each.repository.id === rollout.repository.id)!;
      const summaries = [...inventory.entries.values()].map((entry) =>
        rollout.world!.live.summary(inventory.app, entry),
      );
      expect(summaries.every((summary) => summary)).toBe(true);
      expect(suspects(rollout.world!, inventory)).toEqual([]);
    });
    expect(await rollout.as("grace", "GET", "/issues?state=all&labels=lockkeeper%2Fdrift")).toEqual([]);
    expect(await hash()).toBe(written);
  });
});
