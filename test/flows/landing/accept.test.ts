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

const rules = `${config}  rules:
    - name: production
      when: { environment: production }
      need: { approvals: 2, anyOf: [user:ada, user:grace, user:linus, user:rose] }
`;

const maps = (text: string): string => manifests({ a: text }, "")["maps.yaml"]!;

interface Issue {
  number: number;
  title: string;
  body: string;
}

async function issues(): Promise<Issue[]> {
  return rollout.as("grace", "GET", "/issues?state=open&labels=lockkeeper");
}

/** The issue about a commit, once it is there. */
async function issueAbout(sha: string, path = "web-production"): Promise<Issue> {
  return eventually(async () => {
    const found = (await issues()).find(({ title }) => title.startsWith(`${path}: ${sha.slice(0, 7)}`));
    expect(found).toBeDefined();
    return found!;
  });
}

async function shows(expected: string, app = "web"): Promise<void> {
  await eventually(async () => {
    const found = await rollout.configMap("a");
    expect([app, (found?.["data"] as { text?: string } | undefined)?.text]).toEqual([app, expected]);
  });
}

/** Answers our reply; what the deploy flow says of it may come behind that. */
async function say(login: "ada" | "grace" | "linus", number: number, body: string): Promise<string> {
  const { id } = await rollout.as(login, "POST", `/issues/${number}/comments`, { body });
  value(await command(rollout.world!, { flow: "command", repository: rollout.repository, number }));
  return (await replies(number)).find((reply) => reply.id > id)!.body;
}

async function replies(number: number): Promise<{ id: number; body: string }[]> {
  const all = await rollout.as("grace", "GET", `/issues/${number}/comments`);
  return all.filter(({ user }: { user: { type: string } }) => user.type === "Bot");
}

/** Ada pushes past everything; answers the commit, once it is told. */
async function push(text: string): Promise<{ sha: string; issue: Issue }> {
  const sha = await commit(rollout, "main", `${folder}/maps.yaml`, maps(text));
  rollout.push();
  await eventually(() => expect([...rollout.world!.memory.unproven.keys()]).toContain(sha));
  rollout.pass(61);
  return { sha, issue: await issueAbout(sha) };
}

beforeAll(async () => {
  ground = await startGround("in-memory");
});
afterAll(() => ground.stop());
afterEach(() => rollout.stop());

async function begin(): Promise<void> {
  rollout = await startRollout(ground, (namespace) => manifests({ a: "one" }, namespace), { config: rules });
  rollout.start();
  rollout.push();
  await shows("one");
}

test("a push that as many accept as the rules ask for reaches the cluster, and the deployment keeps who they were", async () => {
  await begin();
  const { sha, issue } = await push("pushed");
  const short = sha.slice(0, 7);
  expect(issue.body).toContain(`/lockkeeper accept ${short} why`);
  expect(await say("ada", issue.number, `/lockkeeper accept ${short} fixes it`)).toContain(
    "It cannot be accepted: ada brought it there.",
  );
  expect(await say("grace", issue.number, `/lockkeeper accept abcdef0 fixes it`)).toContain(
    `This issue is about \`${short}\``,
  );
  expect(await say("grace", issue.number, `/lockkeeper accept ${short}`)).toContain("Say why");
  expect(await say("grace", issue.number, `/lockkeeper accept ${short} outage`)).toMatch(/Waiting for 1/);
  expect(await say("linus", issue.number, `/lockkeeper accept ${short} seen`)).toContain("That is enough");
  rollout.merged();
  await shows("pushed");
  await eventually(async () => expect(await issues()).toEqual([]));
  await rollout.idle();
  const deployments = await rollout.as("grace", "GET", `/deployments?sha=${sha}`);
  expect(deployments[0].payload.landings).toMatchObject([
    { sha, pull: null, verdict: "Accepted by grace, linus: outage; seen" },
  ]);
  await rollout.kill();
  rollout.start();
  rollout.push();
  await shows("pushed");
  expect(await issues()).toEqual([]);
});

test("an acceptance that somebody edits, or that another has written, does not count", async () => {
  await begin();
  const { sha, issue } = await push("pushed");
  const short = sha.slice(0, 7);
  await say("grace", issue.number, `/lockkeeper accept ${short} outage`);
  const [record] = await replies(issue.number);
  await rollout.as("ada", "POST", `/issues/${issue.number}/comments`, { body: record!.body });
  ground.clock.ahead += 5;
  await rollout.as("ada", "PATCH", `/issues/comments/${record!.id}`, { body: `${record!.body}\n` });
  expect(await say("linus", issue.number, `/lockkeeper accept ${short} seen`)).toMatch(/Waiting for 1/);
  expect(await issues()).toHaveLength(1);
});

test("a pull request that was merged past the check is accepted by others than who merged it", async () => {
  await begin();
  const pull = await openPull(rollout, "two", { [`${folder}/maps.yaml`]: maps("two") });
  await signOff(rollout, pull.sha, "action_required");
  const sha = await merge(rollout, pull.number);
  const issue = await issueAbout(sha);
  const command = `/lockkeeper accept ${sha.slice(0, 7)} reviewed`;
  expect(await say("ada", issue.number, command)).toMatch(/ada brought it there/);
  await say("grace", issue.number, command);
  await say("linus", issue.number, command);
  rollout.merged();
  await shows("two");
  await eventually(async () => {
    const told = await replies(pull.number);
    expect(told).toHaveLength(1);
    expect(told[0]!.body).toContain(`runs at \`${sha.slice(0, 7)}\``);
  });
  await rollout.idle();
  const [deployment] = await rollout.as("grace", "GET", `/deployments?sha=${sha}`);
  expect(deployment.payload).toMatchObject({
    pulls: [pull.number],
    landings: [{ pull: pull.number, head: null, verdict: "Accepted by grace, linus: reviewed; reviewed" }],
  });
});
