import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { command } from "../../../src/flows/command/command.ts";
import { fail } from "../../../src/model/failure.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { applied, map, namespaceFile, propose } from "../plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  folder,
  merge,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;

async function begin(more: { config?: string } = {}): Promise<void> {
  rollout = await startRollout(
    ground,
    (namespace) => ({ ...namespaceFile(namespace), "a.yaml": map("a", "one") }),
    more,
  );
  rollout.start();
  rollout.push();
  await applied(rollout);
}

/** The app's name is made of its folder. */
const app = "web-production";

/** A comment of Grace's and what becomes of it: our last words in the thread, and our reactions. */
async function say(
  body: string,
  issue?: number,
): Promise<{ reply: string; reactions: string[]; issue: number }> {
  const number = issue ?? (await rollout.as("grace", "POST", "/issues", { title: "Talk" })).number;
  const comment = await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
  value(await command(rollout.world!.shared, { flow: "command", repository: rollout.repository, number }));
  const thread = await rollout.as("grace", "GET", `/issues/${number}/comments`);
  const reactions = await rollout.as("grace", "GET", `/issues/comments/${comment.id}/reactions`);
  return {
    reply: thread.at(-1).body,
    reactions: reactions.map(({ content }: { content: string }) => content),
    issue: number,
  };
}

async function change(text: string): Promise<{ number: number; sha: string }> {
  const pull = await propose(rollout, `change-${text}`, { "a.yaml": map("a", text) });
  await signOff(rollout, pull.sha);
  return { number: pull.number, sha: await merge(rollout, pull.number) };
}

async function live(): Promise<unknown> {
  return (await rollout.configMap("a"))?.["data"];
}

async function shows(text: string): Promise<void> {
  await eventually(async () => expect(await live()).toEqual({ text }));
}

/** The newest status of the deployment of a commit. */
async function status(sha: string): Promise<{ state: string; description: string }> {
  return eventually(async () => {
    const [deployment] = await rollout.as("grace", "GET", `/deployments?sha=${sha}`);
    const [newest] = await rollout.as("grace", "GET", `/deployments/${deployment.id}/statuses`);
    expect(newest).toBeDefined();
    return newest;
  });
}

async function driftIssue(): Promise<{ number: number; body: string }> {
  return eventually(async () => {
    const [issue] = await rollout.as("grace", "GET", "/issues?labels=lockkeeper%2Fdrift");
    expect(issue?.body).toContain("paused until");
    return issue;
  });
}

describe("a paused app", () => {
  beforeAll(async () => {
    ground = await startGround("in-memory");
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("is left as it is, which its deployment and pull request say, until somebody ends that", async () => {
    await begin();
    const said = await say(`/lockkeeper pause ${app} 2h the @database moves`);
    expect(said.reactions).toEqual(["+1"]);
    expect(said.reply).toMatch(/^`web-production` is left as it is until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    const { number, sha } = await change("two");
    expect(await status(sha)).toMatchObject({
      state: "queued",
      description: expect.stringMatching(
        /^web-production waits: paused until .* UTC by grace: the @database moves$/,
      ),
    });
    const [comment] = await eventually(async () => {
      const comments = await rollout.as("grace", "GET", `/issues/${number}/comments`);
      expect(comments).toHaveLength(1);
      return comments;
    });
    expect(comment.body).toMatch(
      /\*\*`web-production`\*\* waits .*\n[^]*`paused until .* the @database moves`/,
    );
    expect(await live()).toEqual({ text: "one" });
    expect((await say(`/lockkeeper unpause ${app}`)).reactions).toEqual(["+1"]);
    await shows("two");
    await eventually(async () => expect((await status(sha)).state).toBe("success"));
  });

  test("goes on by itself when the time is over", async () => {
    await begin();
    await say(`/lockkeeper pause ${app} 15s moving`);
    const { sha } = await change("two");
    expect((await status(sha)).state).toBe("queued");
    await shows("two");
  });

  test("stays so when GitHub does not tell of it any more, by what is kept in the cluster", async () => {
    await begin();
    await say(`/lockkeeper pause ${app} 2m moving`);
    await eventually(() => expect(inventory()?.pause?.why).toBe("moving"));
    await rollout.kill();
    const silent = (forge: Forge): Forge => ({
      ...forge,
      open: (...args) => {
        const opened = forge.open(...args);
        return { ...opened, issues: { ...opened.issues, ours: async () => fail("unavailable", "no") } };
      },
    });
    rollout.start((world) => ({ ...world, forge: silent(world.forge) }));
    const { sha } = await change("two");
    expect((await status(sha)).state).toBe("queued");
    expect(await live()).toEqual({ text: "one" });
    rollout.pass(121);
    rollout.push();
    await shows("two");
  });

  test("is known on the dashboard by a process that starts anew, whatever people write there", async () => {
    await begin();
    await say(`/lockkeeper pause ${app} 2h moving`);
    await rollout.kill();
    const [dashboard] = await rollout.as("grace", "GET", "/issues?labels=lockkeeper%2Fdashboard");
    await rollout.as("grace", "PATCH", `/issues/${dashboard.number}`, {
      body: `Mine now.\n${dashboard.body}`,
    });
    await forgetInCluster();
    // Another object, so that it remembers nothing of what the last process knew.
    rollout.start((world) => ({ ...world, forge: { ...world.forge } }));
    const { sha } = await change("two");
    expect((await status(sha)).state).toBe("queued");
  });

  test("is not healed, and its drift issue says so", async () => {
    await begin({ config: config.replace("drift: report", "drift: heal") });
    await say(`/lockkeeper pause ${folder} 2h trying something`);
    await eventually(() => expect(inventory()?.pause).toBeDefined());
    const { namespace } = rollout;
    const edit = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace },
      data: { text: "by hand" },
    };
    value(
      await rollout.cluster.apply(edit, { manager: "kubectl-edit", force: true, dryRun: false, as: "self" }),
    );
    const { number, body } = await driftIssue();
    expect(body).toContain("trying something. Nothing is healed before that.");
    expect(await live()).toEqual({ text: "by hand" });
    await say(`/lockkeeper unpause ${app}`, number);
    await shows("one");
  });

  test("has to be one, and the words have to be in order", async () => {
    await begin();
    const unknown = await say("/lockkeeper pause shop 2h why");
    expect(unknown.reactions).toEqual(["-1"]);
    expect(unknown.reply).toContain("there is no app shop; known are web-production");
    expect((await say(`/lockkeeper pause ${app} for-ever why`)).reply).toContain(
      "a duration of at most 30 days",
    );
    expect((await say(`/lockkeeper pause ${app} 2h`)).reactions).toEqual(["-1"]);
    expect((await say("/lockkeeper unpause")).reactions).toEqual(["-1"]);
  });
});

function inventory() {
  return rollout.world?.inventories.all().find(({ repository }) => repository.id === rollout.repository.id);
}

/** As where the records were restored from before the pause. */
async function forgetInCluster(): Promise<void> {
  const configMaps = { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
  const records = value(await rollout.cluster.list(configMaps, "lockkeeper.dev/record=inventory"));
  for (const record of records) {
    const data = record["data"] as Record<string, string>;
    const header = JSON.parse(data["app.json"] ?? "{}") as Record<string, unknown>;
    const { pause: _, ...rest } = header;
    if (JSON.stringify(header["repository"]).includes(`"id":${rollout.repository.id},`))
      value(
        await rollout.cluster.replace({ ...record, data: { ...data, "app.json": JSON.stringify(rest) } }),
      );
  }
}
