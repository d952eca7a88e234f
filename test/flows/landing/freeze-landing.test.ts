import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { command } from "../../../src/flows/command/command.ts";
import {
  type Ground,
  type RolloutWorld,
  commit,
  config,
  eventually,
  folder,
  manifests,
  merge,
  openPull,
  signOff,
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
afterEach(async () => {
  await rollout.stop();
  ground.clock.ahead = 0;
});

const maps = (text: string): string => manifests({ a: text }, "")["maps.yaml"]!;

/** As a freeze writes its times: the wall clock of UTC, in minutes. */
const wall = (minutes: number): string =>
  new Date(ground.clock.now().getTime() + minutes * 60_000).toISOString().slice(0, 16);

/** With a freeze between so many minutes from now. */
async function begin(from: number, to: number): Promise<void> {
  const freeze = `  freeze: [{ name: launch, environments: [production], begins: "${wall(from)}", ends: "${wall(to)}", timezone: UTC, except: [user:linus] }]\n`;
  rollout = await startRollout(ground, (namespace) => manifests({ a: "one" }, namespace), {
    config: config + freeze,
  });
  rollout.start();
  rollout.push();
  await shows("one");
}

async function shows(expected: string): Promise<void> {
  await eventually(async () => {
    const found = await rollout.configMap("a");
    expect((found?.["data"] as { text?: string } | undefined)?.text).toBe(expected);
  });
}

test("what was signed off and merged before a freeze began is applied in it", async () => {
  await begin(2, 60);
  const pull = await openPull(rollout, "two", { [`${folder}/maps.yaml`]: maps("two") });
  await signOff(rollout, pull.sha);
  await rollout.kill();
  await merge(rollout, pull.number);
  rollout.pass(4 * 60);
  rollout.start();
  rollout.push();
  await shows("two");
});

test("in a freeze an acceptance waits, unless one of its exceptions accepts", async () => {
  await begin(-5, 60);
  const sha = await commit(rollout, "main", `${folder}/maps.yaml`, maps("pushed"));
  rollout.push();
  await eventually(() => expect([...rollout.world!.memory.unproven.keys()]).toContain(sha));
  rollout.pass(61);
  const number = await eventually(async () => {
    const [issue] = await rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper");
    expect(issue?.title).toContain(`${sha.slice(0, 7)} is not signed off`);
    return issue.number as number;
  });
  async function say(login: "grace" | "linus"): Promise<string> {
    const body = `/lockkeeper accept ${sha.slice(0, 7)} seen`;
    const { id } = await rollout.as(login, "POST", `/issues/${number}/comments`, { body });
    value(await command(rollout.world!, { flow: "command", repository: rollout.repository, number }));
    const all = await rollout.as("grace", "GET", `/issues/${number}/comments`);
    // What the deploy flow says of it may come behind our answer.
    type Said = { id: number; user: { type: string }; body: string };
    return all.find((said: Said) => said.user.type === "Bot" && said.id > id).body;
  }
  expect(await say("grace")).toMatch(/Frozen until .* UTC \(launch\)\./);
  rollout.merged();
  await rollout.idle();
  await shows("one");
  expect(await say("linus")).toContain("That is enough");
  rollout.merged();
  await shows("pushed");
});
