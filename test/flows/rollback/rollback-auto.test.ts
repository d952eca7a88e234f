import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  folder,
  land,
  merge,
  openPull,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

beforeAll(async () => {
  ground = await startGround("in-memory");
});
afterAll(() => ground.stop());
afterEach(async () => {
  ground.cluster.player.resume();
  await rollout.stop();
});

function web(image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ${image}
`;
}

async function begin(settings: string): Promise<void> {
  const namespaced = (namespace: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`;
  rollout = await startRollout(
    ground,
    (namespace) => ({ "namespace.yaml": namespaced(namespace), "web.yaml": web("acme/web:1.0.0") }),
    { config: settings },
  );
  rollout.start();
  rollout.push();
  await reach("success");
}

/** Waits for the state, and for what is written along with it. */
async function reach(state: string, sha?: string): Promise<void> {
  await eventually(async () => {
    const of = sha === undefined ? "" : `?sha=${sha}`;
    const [deployment] = await rollout.as("grace", "GET", `/deployments${of}`);
    const [status] = await rollout.as("grace", "GET", `/deployments/${deployment?.id}/statuses`);
    expect(status?.state).toBe(state);
  });
  await rollout.idle();
}

interface Pull {
  number: number;
  title: string;
  body: string;
  state: string;
  head: { ref: string; sha: string };
  labels: { name: string }[];
}

async function rollbacks(): Promise<Pull[]> {
  const all: Pull[] = await rollout.as("grace", "GET", "/pulls?state=all");
  return all.filter(({ head }) => head.ref.startsWith("lockkeeper/rollback/"));
}

/** Lands an image whose pods never become ready, and waits until that is told. */
async function landUnhealthy(): Promise<{ number: number; sha: string }> {
  ground.cluster.player.pause();
  const landed = await land(rollout, "two", { "web.yaml": web("acme/web:2.0.0") });
  await reach("in_progress", landed.sha);
  rollout.pass(61);
  rollout.push();
  await reach("failure", landed.sha);
  return landed;
}

const auto = config.replace("wait: 1m\n", "wait: 1m\n    rollback: auto\n");

test("what does not become healthy is proposed to be taken back: once, explained, and signed off like any other", async () => {
  await begin(auto);
  const { number } = await landUnhealthy();
  const [pull, ...more] = await eventually(async () => {
    const found = await rollbacks();
    expect(found[0]?.labels.map(({ name }) => name)).toEqual(["lockkeeper"]);
    return found;
  });
  expect(more).toEqual([]);
  expect(pull?.title).toBe(`Take back #${number}: two`);
  expect(pull?.body).toContain(
    "`web-production` did not become healthy with it, and its configuration has `rollback: auto`.",
  );
  expect(pull?.body).toMatch(/- `Deployment\.apps .*\/web: /);
  expect(pull?.body).toContain(`| \`acme/web\` | \`2.0.0\` | \`1.0.0\` | \`${folder}/web.yaml\` |`);
  expect(pull?.body).toContain("needs one approval of people who can write");
  await rollout.as("grace", "PATCH", `/pulls/${pull!.number}`, { state: "closed" });
  await rollout.kill();
  rollout.start();
  rollout.push();
  await rollout.idle();
  expect((await rollbacks()).map(({ state }) => state)).toEqual(["closed"]);
});

test("it is taken back as well where something else has landed behind it", async () => {
  await begin(auto);
  await rollout.kill();
  ground.cluster.player.pause();
  const { number } = await land(rollout, "two", { "web.yaml": web("acme/web:2.0.0") });
  const other = await openPull(rollout, "other", { "README.md": "Hello." });
  await signOff(rollout, other.sha);
  const tip = await merge(rollout, other.number);
  rollout.start();
  rollout.push();
  await reach("in_progress", tip);
  rollout.pass(61);
  rollout.push();
  await eventually(async () => {
    expect((await rollbacks()).map(({ title }) => title)).toEqual([`Take back #${number}: two`]);
  });
});

test("a rollback that does not become healthy either is for people", async () => {
  await begin(auto);
  await landUnhealthy();
  const [pull] = await eventually(async () => {
    const found = await rollbacks();
    expect(found).toHaveLength(1);
    return found;
  });
  await signOff(rollout, pull!.head.sha);
  const sha = await merge(rollout, pull!.number);
  await reach("in_progress", sha);
  rollout.pass(61);
  rollout.push();
  await reach("failure", sha);
  expect(await rollbacks()).toHaveLength(1);
});

test("nothing is taken back by itself where the configuration does not say so", async () => {
  await begin(config);
  await landUnhealthy();
  expect(await rollbacks()).toEqual([]);
});
