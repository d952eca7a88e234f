import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { applied } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  config,
  eventually,
  manifests,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;
/** Seconds by which the App is ahead: it does not look every second. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead * 1000) };

const canary = "c4n4ry-v4lue";

async function begin(settings: string): Promise<void> {
  rollout = await startRollout(ground, (namespace) => manifests({ a: "git" }, namespace), {
    config: settings,
  });
  ahead = 0;
  rollout.start((world) => ({ ...world, clock }));
  rollout.push();
  await applied(rollout);
}

async function make(kind: string, name: string, rest: object): Promise<void> {
  const metadata = { name, namespace: rollout.namespace };
  value(await rollout.cluster.create({ apiVersion: "v1", kind, metadata, ...rest }));
}

async function look(): Promise<readonly { number: number; title: string; body: string }[]> {
  ahead += 61;
  rollout.push();
  await rollout.idle();
  return rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper%2Fdrift");
}

describe.each(clusterKinds)("what stands beside an app on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("is told of where the app asks for that, by name alone, until it is gone", async () => {
    await begin(config.replace("drift: report", "drift: report\n    extras: true"));
    expect(await look()).toEqual([]);
    await make("ConfigMap", "by-hand", { data: { text: canary } });
    await make("Secret", "keys", { stringData: { token: canary } });
    const [issue] = await eventually(async () => {
      const open = await look();
      expect(open).toHaveLength(1);
      return open;
    });
    expect(issue!.title).toBe("web-production: ConfigMap/by-hand stands in no manifest");
    expect(issue!.body).toContain("| `ConfigMap/by-hand` |  | _not there_ | present |  |  |");
    expect(issue!.body).not.toMatch(/Secret|kube-root-ca|c4n4ry/);
    const address = { apiVersion: "v1", kind: "ConfigMap", namespace: rollout.namespace, name: "by-hand" };
    const { uid } = value(await rollout.cluster.get(address)).metadata;
    value(await rollout.cluster.delete(address, uid!, "self"));
    await eventually(async () => expect(await look()).toEqual([]));
  });

  test("is nobody's business where the app does not ask", async () => {
    await begin(config);
    await make("ConfigMap", "by-hand", { data: { text: canary } });
    expect(await look()).toEqual([]);
    expect(rollout.cluster.requests.get("list") ?? 0).toBe(await listsAfter(look));
  });
});

/** How many lists were asked for once something was done. */
async function listsAfter(work: () => Promise<unknown>): Promise<number> {
  await work();
  return rollout.cluster.requests.get("list") ?? 0;
}
