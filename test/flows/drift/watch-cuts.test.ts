import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectCluster } from "../../../src/cluster/connect-cluster.ts";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import type { Cluster } from "../../../src/ports/cluster.ts";
import { type FlakyProxy, type Weather, startFlakyProxy } from "../../cluster/flaky-proxy.ts";
import { applied } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  eventually,
  manifests,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;
let proxy: FlakyProxy;

/** Seconds by which the App is ahead of everything else. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead * 1000) };

/** `npm run test:soak -- --only watch` makes all of them. */
const cuts = process.env["LOCKKEEPER_SOAK"] === undefined ? 10 : 100;
const weathers: readonly Weather[] = [500, "cut", "gone-event", "silent", 410, 503];
/** A silent watch ends after twice that. */
const relistSeconds = 2;

async function edit(cluster: Cluster, text: string): Promise<void> {
  const metadata = { name: "a", namespace: rollout.namespace };
  const object: KubernetesObject = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text } };
  const options = { manager: "kubectl-edit", force: true, dryRun: false, as: "self" } as const;
  value(await cluster.apply(object, options));
}

async function open(): Promise<readonly { readonly title: string }[]> {
  return rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper%2Fdrift");
}

async function reported(title: RegExp): Promise<void> {
  await eventually(async () => expect((await open())[0]?.title).toMatch(title), 60);
}

async function over(): Promise<void> {
  await eventually(async () => expect((await open()).map(({ title }) => title)).toEqual([]), 60);
  // What comes and goes within an hour is told of otherwise.
  ahead += 3_601;
}

async function begin(): Promise<void> {
  proxy = await startFlakyProxy(ground.cluster.kubeconfig);
  const reach = { kubeconfigFile: proxy.kubeconfig, relistSeconds };
  rollout = await startRollout(ground, (namespace) => manifests({ a: "git" }, namespace), { reach });
  rollout.start((world) => ({ ...world, clock }));
  rollout.push();
  await applied(rollout);
}

describe.each(clusterKinds)("drift is seen on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(async () => {
    await rollout.stop();
    await proxy.stop();
  });

  test(`after each of ${cuts} cuts of the watches, whatever they are answered then`, async () => {
    await begin();
    const direct = value(await connectCluster({ kubeconfigFile: ground.cluster.kubeconfig }));
    for (let cut = 0; cut < cuts; cut += 1) {
      const weather = weathers[cut % weathers.length]!;
      proxy.weather = weather;
      const before = proxy.watches();
      proxy.cut();
      await eventually(() => expect(proxy.watches(), `cut ${cut}`).toBeGreaterThan(before));
      await edit(direct, `by hand ${cut}`);
      proxy.weather = "pass";
      await reported(new RegExp(`text git -> by hand ${cut} by kubectl-edit`));
      await edit(direct, "git");
      await over();
    }
    await direct.close();
  }, 3_600_000);

  if (kind === "in-memory") return;

  test("after the API server was killed and came back", async () => {
    await begin();
    await ground.cluster.restart!();
    const direct = value(await connectCluster({ kubeconfigFile: ground.cluster.kubeconfig }));
    await edit(direct, "by hand");
    await reported(/text git -> by hand by kubectl-edit/);
    await direct.close();
  }, 180_000);
});
