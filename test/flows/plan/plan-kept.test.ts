import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { applied, map, namespaceFile, planOf, propose } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  eventually,
  merge,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

const files = { "a.yaml": map("a", "one"), "b.yaml": map("b", "one"), "c.yaml": map("c", "one") };

async function begin(): Promise<void> {
  rollout = await startRollout(ground, (namespace) => ({ ...namespaceFile(namespace), ...files }));
  rollout.start();
}

async function land({ number, sha }: { number: number; sha: string }): Promise<string> {
  await signOff(rollout, sha);
  const landed = await merge(rollout, number);
  await applied(rollout, landed);
  const bodies = await eventually(async () => {
    const comments = await rollout.as("grace", "GET", `/issues/${number}/comments`);
    expect(comments).toHaveLength(1);
    return comments.map(({ body }: { body: string }) => body);
  });
  return bodies[0] ?? "";
}

describe("what is deleted after a landing", () => {
  beforeAll(async () => {
    ground = await startGround("in-memory");
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("is what its plan showed", async () => {
    await begin();
    rollout.push();
    await applied(rollout);
    const pull = await propose(rollout, "a", { "a.yaml": null });
    expect((await planOf(rollout, pull.sha)).run.title).toBe("Prunes 1");
    expect(await land(pull)).toMatch(/`ConfigMap .*\/a` \| pruned/);
    expect(await rollout.configMap("a")).toBeNull();
  });

  test("is decided without it where there was none", async () => {
    await begin();
    rollout.push();
    await applied(rollout);
    expect(await land(await propose(rollout, "a", { "a.yaml": null }))).toMatch(
      /`ConfigMap .*\/a` \| pruned/,
    );
  });

  test("is nothing that no plan showed, until one does", async () => {
    await begin();
    const pull = await propose(rollout, "a", { "a.yaml": null, "b.yaml": map("b", "two") });
    // Before anything is applied, there is nothing to delete.
    expect((await planOf(rollout, pull.sha)).run.title).toBe("Creates 1, prunes none");
    rollout.push();
    await applied(rollout);
    expect(await land(pull)).toMatch(
      /nothing was pruned: unplanned delete: ConfigMap .*\/a, which no plan of #1 showed; close by/,
    );
    expect((await rollout.configMap("b"))?.["data"]).toEqual({ text: "two" });
    expect(await rollout.configMap("a")).not.toBeNull();
    const next = await propose(rollout, "next", { "b.yaml": map("b", "three") });
    const { run } = await planOf(rollout, next.sha);
    expect(run.title).toBe("Changes 1, prunes 1");
    expect(await land(next)).toMatch(/`ConfigMap .*\/a` \| pruned/);
    expect(await rollout.configMap("a")).toBeNull();
  });
});
