import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { applied, map, namespaceFile } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  land,
  startGround,
  startRollout,
} from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

const hook = (name: string, text: string, policy: string): string =>
  map(name, text).replace(
    "metadata: { ",
    `metadata: { annotations: { helm.sh/hook: pre-install, helm.sh/hook-delete-policy: "${policy}" }, `,
  );

const requests = (verb: string): number => rollout.cluster.requests.get(verb) ?? 0;

const texts = async (): Promise<readonly unknown[]> =>
  Promise.all(["first", "second", "stays", "web"].map((name) => textOf(name)));

async function textOf(name: string): Promise<unknown> {
  return ((await rollout.configMap(name))?.["data"] as { text?: unknown } | undefined)?.text ?? null;
}

describe.each(clusterKinds)("hooks of a chart on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("go once they are done where they ask for that, are no drift, and come back together when one changes", async () => {
    rollout = await startRollout(ground, (namespace) => ({
      ...namespaceFile(namespace),
      "first.yaml": hook("first", "1", "hook-succeeded"),
      "second.yaml": hook("second", "1", "before-hook-creation,hook-succeeded"),
      "stays.yaml": hook("stays", "1", "before-hook-creation"),
      "web.yaml": map("web", "1"),
    }));
    rollout.start();
    rollout.push();
    await applied(rollout);
    expect(await texts()).toEqual([null, null, "1", "1"]);
    const { sha } = await land(rollout, "web", { "web.yaml": map("web", "2") });
    const before = requests("delete");
    await applied(rollout, sha);
    expect(await texts()).toEqual([null, null, "1", "2"]);
    expect(requests("delete")).toBe(before);
    const next = await land(rollout, "hook", { "stays.yaml": hook("stays", "2", "before-hook-creation") });
    await applied(rollout, next.sha);
    expect(await texts()).toEqual([null, null, "2", "2"]);
    expect(requests("delete")).toBe(before + 2);
    expect(await rollout.as("grace", "GET", "/issues?state=all&labels=lockkeeper%2Fdrift")).toEqual([]);
  });
});
