import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  eventually,
  folder,
  land,
  merge,
  openPull,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

const map = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { text: x }\n`;
/** An app that waits for another, whose folder is not there at first. */
const dependent = `apps:
  - { path: ${folder}, name: web-production, namespace: "{app}-{environment}", environment: production, mode: apply, dependsOn: [base] }
  - { path: apps/base, name: base, environment: production, mode: apply }
signoff:
  owners: [user:ada]
`;

let ground: Ground;
let rollout: RolloutWorld;

function web(image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "${image}" }] }
`;
}

async function begin(target = {}): Promise<void> {
  rollout = await startRollout(
    ground,
    (namespace) => ({
      "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
      "web.yaml": web("web:1"),
    }),
    { target },
  );
  rollout.start();
  rollout.push();
}

/** The states that the deployment of a commit has had, newest first. */
async function states(sha?: string): Promise<string[]> {
  const [deployment] = await rollout.as(
    "grace",
    "GET",
    `/deployments${sha === undefined ? "" : `?sha=${sha}`}`,
  );
  if (deployment === undefined) return [];
  const statuses = await rollout.as("grace", "GET", `/deployments/${deployment.id}/statuses`);
  return statuses.map((status: { state: string }) => status.state);
}

/** Waits for the states, and for what is written along with them. */
async function reach(expected: string[], sha?: string): Promise<void> {
  await eventually(async () => expect(await states(sha)).toEqual(expected));
  await rollout.idle();
}

async function comments(number: number): Promise<string[]> {
  const all = await rollout.as("grace", "GET", `/issues/${number}/comments`);
  return all.map((comment: { body: string }) => comment.body);
}

describe.each(clusterKinds)("a rollout on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(async () => {
    ground.cluster.player.resume();
    await rollout.stop();
  });

  test("is in progress until its pods are ready", async () => {
    await begin();
    await reach(["success", "in_progress"]);
    ground.cluster.player.pause();
    const { number, sha } = await land(rollout, "two", { "web.yaml": web("web:2") });
    await reach(["in_progress"], sha);
    expect(await comments(number)).toEqual([]);
    ground.cluster.player.resume();
    await reach(["success", "in_progress"], sha);
    await eventually(async () => expect(await comments(number)).toHaveLength(1));
  });

  test("that does not become healthy in time is told, and told again when it does", async () => {
    await begin();
    await reach(["success", "in_progress"]);
    ground.cluster.player.pause();
    const { number, sha } = await land(rollout, "two", { "web.yaml": web("web:2") });
    await reach(["in_progress"], sha);
    rollout.pass(61);
    rollout.push();
    await reach(["failure", "in_progress"], sha);
    const [body] = await comments(number);
    expect(body).toContain("was applied, but is not healthy");
    expect(body).toMatch(/Deployment\.apps .*\/web: (?:\d of 2 replicas|old replicas|its controller)/);
    ground.cluster.player.resume();
    await reach(["success", "failure", "in_progress"], sha);
    await eventually(async () => expect(await comments(number)).toEqual([expect.stringContaining("runs")]));
  });

  test("of what the server refuses names the object, and the next landing mends it", async () => {
    await begin();
    await reach(["success", "in_progress"]);
    const bad = web("web:2").replace("matchLabels: { app: web }", "matchLabels: { app: other }");
    const { number, sha } = await land(rollout, "bad", { "web.yaml": bad });
    await reach(["failure"], sha);
    const [body] = await comments(number);
    expect(body).toContain("was not applied");
    expect(body).toMatch(/apps\/web\/production\/web\.yaml:1: Deployment\.apps .*\/web: spec\./);
    const good = await land(rollout, "good", { "web.yaml": web("web:3") });
    await reach(["success", "in_progress"], good.sha);
  });

  test("is made as the target's account, which the server holds to its rights", async () => {
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "nobody", namespace: "default" },
    };
    await rollout.cluster.create(account);
    await begin({ serviceAccount: "default/nobody" });
    await reach(["failure"]);
    const found = await rollout.cluster.get({ apiVersion: "v1", kind: "Namespace", name: rollout.namespace });
    expect(found).toMatchObject({ ok: false, failure: { code: "not-found" } });
  });

  test("waits for the apps that it depends on, says so, and goes on when they are there", async () => {
    rollout = await startRollout(ground, () => ({ "web.yaml": map("web") }), {
      config: dependent,
    });
    rollout.start();
    rollout.push();
    await reach(["queued"]);
    const [waiting] = await rollout.as("grace", "GET", "/deployments");
    const [status] = await rollout.as("grace", "GET", `/deployments/${waiting.id}/statuses`);
    expect(status.description).toMatch(/^web-production waits: .*"base"/);
    expect(await rollout.configMap("web")).toBeNull();
    const { namespace } = rollout;
    const base = `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`;
    const pull = await openPull(rollout, "base", { "apps/base/namespace.yaml": base });
    await signOff(rollout, pull.sha);
    await merge(rollout, pull.number);
    await eventually(async () => expect(await rollout.configMap("web")).not.toBeNull());
  });

  test("keeps its records where nobody else writes", async () => {
    await begin();
    await reach(["success", "in_progress"]);
    const inventory = await eventually(() => {
      const found = rollout
        .world!.inventories.all()
        .find((each) => each.repository.id === rollout.repository.id);
      expect(found?.pending).toBeNull();
      return found!;
    });
    const record = await rollout.cluster.get({
      apiVersion: "v1",
      kind: "ConfigMap",
      namespace: "lockkeeper-system",
      name: `lockkeeper-inventory-${inventory.app}-0`,
    });
    expect(JSON.stringify(value(record)["data"])).toContain("Deployment");
  });
});
