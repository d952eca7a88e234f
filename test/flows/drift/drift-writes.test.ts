import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/model/resource.ts";
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
/** What the App has written to GitHub, as `PATCH /issues/1`, oldest first. */
let writes: string[];

async function begin(names: readonly string[]): Promise<void> {
  const values = Object.fromEntries(names.map((name) => [name, "git"]));
  rollout = await startRollout(ground, (namespace) => manifests(values, namespace));
  rollout.start();
  rollout.push();
  await applied(rollout);
  await rollout.idle();
  writes = [];
  const root = `/repos/acme/${rollout.repository.name}`;
  ground.github.hub.observers.push(({ method, path }) => {
    if (method !== "GET" && path.startsWith(root)) writes.push(`${method} ${path.slice(root.length)}`);
  });
}

async function edit(name: string, text: string): Promise<void> {
  await write("kubectl-edit", { metadata: { name }, data: { text } });
}

/** A controller writes what Git does not name. */
async function tick(name: string, time: number): Promise<void> {
  await write("operator", { metadata: { name, annotations: { tick: String(time) } } });
}

async function write(
  manager: string,
  { metadata, ...rest }: { readonly metadata: object; readonly data?: object },
): Promise<void> {
  const named = { ...metadata, namespace: rollout.namespace } as KubernetesObject["metadata"];
  const object: KubernetesObject = { apiVersion: "v1", kind: "ConfigMap", metadata: named, ...rest };
  value(await rollout.cluster.apply(object, { manager, force: true, dryRun: false, as: "self" }));
}

async function reported(pattern: RegExp): Promise<{ number: number; body: string }> {
  return eventually(async () => {
    const [open] = await rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper%2Fdrift");
    expect(`${open?.title}\n${open?.body}`).toMatch(pattern);
    return open;
  });
}

describe.each(clusterKinds)("what a drift writes on GitHub, on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("is one issue and one status as it begins, nothing while it stays, one comment for each change", async () => {
    await begin(["a", "b"]);
    await edit("a", "1");
    const { number } = await reported(/text git -> 1/);
    await rollout.idle();
    expect(writes.map((write) => write.replace(/\d+/, "N"))).toEqual([
      "POST /deployments/N/statuses",
      "POST /issues",
    ]);
    writes = [];
    for (let time = 0; time < 100; time++) await tick(time % 2 === 0 ? "a" : "b", time);
    rollout.push();
    await rollout.idle();
    expect(writes).toEqual([]);
    await edit("b", "2");
    await reported(/and 1 more/);
    await rollout.idle();
    expect(writes).toEqual([`PATCH /issues/${number}`, `POST /issues/${number}/comments`]);
  });

  test("hides findings before it says so to whoever asked for that", async () => {
    await begin(["a"]);
    await edit("a", "1");
    const { number } = await reported(/text git -> 1/);
    await rollout.idle();
    writes = [];
    const body = "/lockkeeper ignore 1h";
    const comment = await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
    value(await rollout.forge.open(rollout.repository, "command").issues.react(comment.id, "rocket"));
    rollout.push();
    await reported(/drift is hidden until/);
    await rollout.idle();
    const reaction = `POST /issues/comments/${comment.id}/reactions`;
    expect(writes.slice(-3)).toEqual([reaction, `PATCH /issues/${number}`, reaction]);
  });

  test("names fifty objects, and how many more there are", async () => {
    const names = Array.from({ length: 120 }, (_, index) => `map-${index}`);
    await begin(names);
    await Promise.all(names.map((name) => edit(name, `by hand ${name}`)));
    const { body } = await reported(/70 more objects may differ, and are looked at once these are settled\./);
    expect(body.length).toBeLessThan(65_536);
  });
});
