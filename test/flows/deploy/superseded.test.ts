/** Landings that a newer one overtook before they had come to an end. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  eventually,
  land,
  merge,
  openPull,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

const web = (image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "${image}" }] }
`;

interface Told {
  readonly sha: string;
  readonly states: readonly string[];
  readonly description: string;
}

/** Deployments of the app, newest first, each with its states, newest first. */
async function deployments(): Promise<Told[]> {
  const all: { id: number; sha: string }[] = await rollout.as(
    "grace",
    "GET",
    "/deployments?task=lockkeeper:web-production",
  );
  const told = all
    .toSorted((a, b) => b.id - a.id)
    .map(async ({ id, sha }): Promise<Told> => {
      const statuses: { state: string; description: string }[] = await rollout.as(
        "grace",
        "GET",
        `/deployments/${id}/statuses`,
      );
      return { sha, states: statuses.map(({ state }) => state), description: statuses[0]?.description ?? "" };
    });
  return Promise.all(told);
}

/** Waits for the states, and for what is written along with them. */
async function reach(sha: string, states: readonly string[]): Promise<void> {
  await eventually(async () => {
    expect((await deployments()).find((each) => each.sha === sha)?.states).toEqual(states);
  });
  await rollout.idle();
}

/** The one comment of ours on a pull request, once it holds a text and all is written that is written along with it. */
async function told(number: number, text: string): Promise<string> {
  const body = await eventually(async () => {
    const all: { body: string }[] = await rollout.as("grace", "GET", `/issues/${number}/comments`);
    expect(all).toHaveLength(1);
    expect(all[0]!.body).toContain(text);
    return all[0]!.body;
  });
  await rollout.idle();
  return body;
}

const short = (sha: string): string => `\`${sha.slice(0, 7)}\``;
const by = (older: string, newer: { number: number; sha: string }): string =>
  `${short(older)} of this pull request was superseded by ${short(newer.sha)} (#${newer.number}), which landed after it.`;

describe.each(clusterKinds)("on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  beforeEach(async () => {
    rollout = await startRollout(ground, (namespace) => ({
      "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
      "web.yaml": web("web:1"),
    }));
    rollout.start();
    rollout.push();
    await eventually(async () => expect((await deployments())[0]?.states[0]).toBe("success"));
  });
  afterEach(async () => {
    ground.cluster.player.resume();
    await rollout.stop();
  });

  test("two that landed while nobody looked: only the newer one is deployed, and the older one is told so", async () => {
    const before = (await deployments()).length;
    await rollout.kill();
    const first = await land(rollout, "two", { "web.yaml": web("web:2") });
    const second = await land(rollout, "three", { "web.yaml": web("web:3") });
    rollout.start();
    rollout.push();
    const body = await told(first.number, by(first.sha, second));
    expect(body).toContain(`**\`web-production\`** runs at ${short(second.sha)}`);
    expect(await told(second.number, "runs at")).not.toContain("superseded");
    const all = await deployments();
    expect(all).toHaveLength(before + 1);
    expect(all[0]!.sha).toBe(second.sha);
  });

  test("two that were on their way, one of them when the process was killed: both end, and each is told once", async () => {
    ground.cluster.player.pause();
    const first = await land(rollout, "two", { "web.yaml": web("web:2") });
    await reach(first.sha, ["in_progress"]);
    await rollout.kill();
    const second = await land(rollout, "three", { "web.yaml": web("web:3") });
    rollout.start();
    rollout.push();
    await reach(second.sha, ["in_progress"]);
    const third = await land(rollout, "four", { "web.yaml": web("web:4") });
    await reach(third.sha, ["in_progress"]);
    ground.cluster.player.resume();
    await reach(third.sha, ["success", "in_progress"]);
    await reach(second.sha, ["inactive", "in_progress"]);
    await reach(first.sha, ["inactive", "in_progress"]);
    for (const { number, sha } of [first, second]) await told(number, by(sha, third));
    expect(await told(third.number, "runs at")).not.toContain("superseded");
    const ended = (await deployments()).filter(({ states: [state] }) => state === "inactive");
    expect(ended.map(({ description }) => description)).toEqual(
      Array(2).fill(`overtaken by ${third.sha.slice(0, 7)}`),
    );
  });

  test("one that failed is told of anew once a newer one runs", async () => {
    const bad = web("web:2").replace("matchLabels: { app: web }", "matchLabels: { app: other }");
    const first = await land(rollout, "bad", { "web.yaml": bad });
    await reach(first.sha, ["failure"]);
    expect(await told(first.number, "was not applied")).not.toContain("superseded");
    const second = await land(rollout, "good", { "web.yaml": web("web:3") });
    expect(await told(first.number, by(first.sha, second))).toContain(`runs at ${short(second.sha)}`);
    await reach(first.sha, ["failure"]);
  });

  test("a landing of another app overtakes nothing that is on its way", async () => {
    const before = (await deployments()).length;
    ground.cluster.player.pause();
    const own = await land(rollout, "two", { "web.yaml": web("web:2") });
    await reach(own.sha, ["in_progress"]);
    const other = await openPull(rollout, "other", {
      "apps/api/production/map.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: ${rollout.namespace} }\n`,
    });
    await signOff(rollout, other.sha);
    await merge(rollout, other.number);
    await eventually(async () => expect(await rollout.configMap("other")).not.toBeNull());
    await rollout.idle();
    ground.cluster.player.resume();
    const body = await told(own.number, `runs at ${short(own.sha)}`);
    expect(body).not.toContain("superseded");
    expect(body).toMatch(/\| `Deployment\.apps .*\/web` \| configured \|/);
    await reach(own.sha, ["success", "in_progress"]);
    expect(await deployments()).toHaveLength(before + 1);
  });

  test("a landing of another app between two looks overtakes nothing either", async () => {
    await rollout.kill();
    const own = await land(rollout, "two", { "web.yaml": web("web:2") });
    const other = await openPull(rollout, "other", { "README.md": "Hello." });
    await signOff(rollout, other.sha);
    await merge(rollout, other.number);
    rollout.start();
    rollout.push();
    expect(await told(own.number, "runs at")).not.toContain("superseded");
  });
});
