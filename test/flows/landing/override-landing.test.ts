import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { check } from "../../../src/flows/check/check.ts";
import { command } from "../../../src/flows/command/command.ts";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  folder,
  manifests,
  merge,
  openPull,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;

beforeAll(async () => {
  ground = await startGround("in-memory");
});
afterAll(() => ground.stop());
afterEach(() => rollout.stop());

test("what was overridden is applied, its deployment keeps who did that and why, and one issue tells of it", async () => {
  rollout = await startRollout(ground, (namespace) => manifests({ a: "one" }, namespace), {
    config: `${config}  override: [user:ada]\n`,
  });
  rollout.start();
  rollout.push();
  const pull = await openPull(rollout, "two", {
    [`${folder}/maps.yaml`]: manifests({ a: "two" }, "")["maps.yaml"]!,
  });
  const { repository, world } = rollout;
  const judge = async () => value(await check(world!, { flow: "check", repository, sha: pull.sha }));
  await judge();
  rollout.pass(1);
  const order = { body: "/lockkeeper override production is down" };
  await rollout.as("ada", "POST", `/issues/${pull.number}/comments`, order);
  for (let times = 0; times < 2; times++)
    value(await command(world!, { flow: "command", repository, number: pull.number }));
  await judge();
  await judge();
  const sha = await merge(rollout, pull.number);
  const payload = await eventually(async () => {
    const [deployment] = await rollout.as("grace", "GET", `/deployments?sha=${sha}`);
    expect(deployment).toBeDefined();
    return deployment.payload;
  });
  expect(payload.landings).toMatchObject([
    {
      sha,
      pull: pull.number,
      head: pull.sha,
      verdict: "Overridden by ada: production is down",
      decision: { override: { login: "ada", why: "production is down" } },
    },
  ]);
  await eventually(async () => {
    const found = await rollout.configMap("a");
    expect(found?.["data"]).toEqual({ text: "two" });
  });
  const told = await rollout.as("grace", "GET", "/issues?state=all&labels=lockkeeper");
  expect(told.map(({ title }: { title: string }) => title)).toEqual([
    `Sign-off of pull request ${pull.number} was overridden by ada`,
  ]);
});
