import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectCluster } from "../../../src/cluster/connect-cluster.ts";
import { systemNamespace } from "../../../src/rollout/within-target.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  commit,
  config,
  eventually,
  folder,
  land,
  manifests,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;

const base = "apps/base/production";

const apps = `apps:
  - path: ${base}
    name: base
    namespace: "{app}-{environment}"
    environment: production
    mode: apply
    wait: 1m
  - path: ${folder}
    name: web-production
    namespace: "{app}-{environment}"
    environment: production
    mode: apply
    dependsOn: [base]
    wait: 1m
`;

const maps = (values: Readonly<Record<string, string>>): string => manifests(values, "")["maps.yaml"]!;

async function textOf(name: string): Promise<unknown> {
  return ((await rollout.configMap(name))?.["data"] as { text?: unknown } | undefined)?.text ?? null;
}

/** Grows with every write to the cluster. */
async function versionOf(name: string): Promise<number> {
  return Number((await rollout.configMap(name))?.metadata.resourceVersion);
}

async function shows(expected: Readonly<Record<string, unknown>>): Promise<void> {
  await eventually(async () => {
    const found = await Promise.all(Object.keys(expected).map(async (name) => [name, await textOf(name)]));
    expect(Object.fromEntries(found)).toEqual(expected);
  }, 40);
}

/** Nothing of any app is left, nor what Lockkeeper has kept there. */
async function empty(): Promise<void> {
  const cluster = value(await connectCluster({ kubeconfigFile: ground.cluster.kubeconfig }));
  for (const name of [rollout.namespace, systemNamespace]) {
    const address = { apiVersion: "v1", kind: "Namespace", name };
    const { uid } = value(await cluster.get(address)).metadata;
    value(await cluster.delete(address, uid ?? "", "self"));
    await eventually(async () => expect(await cluster.get(address)).toMatchObject({ ok: false }), 60);
  }
  await cluster.close();
}

describe.each(clusterKinds)("an emptied cluster on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("gets everything back from Git, in order, up to the newest signed landing and nothing of an unsigned one", async () => {
    rollout = await startRollout(ground, () => ({ "maps.yaml": maps({ web: "one" }) }), {
      config: config.replace("apps:\n", apps),
      beside: {
        [`${base}/namespace.yaml`]: "apiVersion: v1\nkind: Namespace\nmetadata: { name: web-1 }\n",
        [`${base}/maps.yaml`]: maps({ base: "one" }),
      },
    });
    const first = (await rollout.as("ada", "GET", "/git/ref/heads/main")).object.sha;
    rollout.start();
    rollout.push();
    await shows({ base: "one", web: "one" });
    await land(rollout, "signed", { "maps.yaml": maps({ web: "two" }) });
    await shows({ base: "one", web: "two" });
    const pushed = await commit(rollout, "main", `${folder}/maps.yaml`, maps({ web: "pushed" }));
    await commit(rollout, "main", "apps/new/production/maps.yaml", maps({ new: "pushed" }));

    await rollout.kill();
    await empty();
    rollout.start();
    rollout.push();
    await eventually(() => expect([...rollout.world!.memory.unproven.keys()]).toContain(pushed));
    rollout.pass(61);
    await shows({ base: "one", web: "two", new: null });
    const titles = await eventually(async () => {
      const issues = await rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper");
      expect(issues).toHaveLength(2);
      return issues.map(({ title }: { title: string }) => title.replace(/: .*/, "")).toSorted();
    });
    expect(titles).toEqual(["apps/new/production", "web-production"]);
    await rollout.idle();
    await shows({ base: "one", web: "two", new: null });
    expect(rollout.world!.pins.get(rollout.world!.targets[0]!)?.baseline).toBe(first);
    expect(await versionOf("base")).toBeLessThan(await versionOf("web"));
  });
});
