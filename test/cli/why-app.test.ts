import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { runWhy } from "../../src/cli/why.ts";
import { command } from "../../src/flows/command/command.ts";
import { applied, map, namespaceFile, propose, web } from "../flows/plan-steps.ts";
import {
  type Ground,
  type RolloutWorld,
  eventually,
  folder,
  merge,
  signOff,
  startGround,
  startRollout,
} from "../flows/rollout-world.ts";
import { value } from "../flows/user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;
const app = "web-production";

/** All worlds of the ground have an app of this name, so that the repository is named with it. */
async function why(options: { json?: boolean; cluster?: boolean } = {}, subject?: string) {
  const { appId, privateKey, apiUrl } = ground.github;
  const said = { out: "", error: "" };
  const cluster = options.cluster === false ? {} : { KUBECONFIG: ground.cluster.kubeconfig };
  const code = await runWhy(subject ?? `acme/${rollout.repository.name}:${app}`, options, {
    env: { APP_ID: String(appId), PRIVATE_KEY: privateKey, GITHUB_API_URL: apiUrl, ...cluster },
    out: (text) => void (said.out += text),
    error: (text) => void (said.error += text),
    watched: false,
  });
  return { code, ...said };
}

async function begin(files: Readonly<Record<string, string>> = { "a.yaml": map("a", "one") }, more = {}) {
  rollout = await startRollout(ground, (namespace) => ({ ...namespaceFile(namespace), ...files }), more);
  rollout.start();
  rollout.push();
}

async function change(signed: boolean): Promise<string> {
  const pull = await propose(rollout, "change", { "a.yaml": map("a", "two") });
  if (signed) await signOff(rollout, pull.sha);
  return merge(rollout, pull.number);
}

describe("why APP", () => {
  beforeAll(async () => {
    ground = await startGround("in-memory");
  });
  afterAll(() => ground.stop());
  afterEach(async () => {
    ground.cluster.player.resume();
    await rollout.stop();
  });

  test("says 0 where nothing waits, with and without a cluster to ask", async () => {
    await begin();
    await applied(rollout);
    const sha = await change(true);
    await applied(rollout, sha);
    const line = `${app} is at ${sha.slice(0, 7)}, and nothing that came since waits.\n`;
    await eventually(async () =>
      expect(await why({ cluster: false })).toEqual({ code: 0, out: line, error: "" }),
    );
    expect(await why()).toEqual({ code: 0, out: line, error: "" });
    const { code, out } = await why({ json: true }, `acme/${rollout.repository.name}:${folder}`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      app,
      repository: `acme/${rollout.repository.name}`,
      path: folder,
      environment: "production",
      runs: sha,
      signed: sha,
      head: sha,
      satisfied: true,
      gates: [],
      next: [],
    });
  });

  test("names a landing that was not signed off, and what can be done", async () => {
    await begin();
    await applied(rollout);
    const sha = await change(false);
    await eventually(async () => {
      expect(await rollout.as("grace", "GET", "/issues?labels=lockkeeper")).toHaveLength(1);
    });
    const { code, out } = await why();
    expect(code).toBe(1);
    expect(out).toContain(
      `  waiting  landing: ${sha.slice(0, 7)}: pull request #1 was merged without being signed off\n`,
    );
    expect(out).toContain(
      `  next: revert ${sha.slice(0, 7)} by a pull request that is signed off, or on issue #2 /lockkeeper accept`,
    );
  });

  test("names a pause with who and why, and how to end it", async () => {
    await begin();
    await applied(rollout);
    const { number } = await rollout.as("grace", "POST", "/issues", { title: "Talk" });
    const body = `/lockkeeper pause ${app} 2h the database moves`;
    await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
    value(await command(rollout.world!.shared, { flow: "command", repository: rollout.repository, number }));
    const { code, out } = await why({ cluster: false });
    expect(code).toBe(1);
    expect(out).toMatch(/waiting {2}pause: it is paused until .* UTC by grace: the database moves\n/);
    expect(out).toContain(`  next: /lockkeeper unpause ${app}\n`);
  });

  test("names what a rollout waits for", async () => {
    ground.cluster.player.pause();
    await begin({ "web.yaml": web("web:1") });
    await eventually(async () => {
      const { code, out } = await why();
      expect(code).toBe(1);
      expect(out).toContain(`${app} runs nothing that Lockkeeper has applied.\n`);
    });
    ground.cluster.player.resume();
    await applied(rollout);
    ground.cluster.player.pause();
    const pull = await propose(rollout, "image", { "web.yaml": web("web:2") });
    await signOff(rollout, pull.sha);
    const sha = await merge(rollout, pull.number);
    await eventually(async () => {
      const { out } = await why();
      expect(out).toMatch(
        new RegExp(`waiting {2}rollout: ${sha.slice(0, 7)}, in_progress: .*is being applied`),
      );
    });
  });

  test("says what there is not", async () => {
    await begin();
    expect(await why({}, `acme/${rollout.repository.name}:shop`)).toEqual({
      code: 1,
      out: "",
      error: "lockkeeper: no repository of the App has an app shop\n",
    });
    expect((await why({}, "acme/other:shop")).error).toContain("the App is not installed in acme/other");
    expect((await why({}, app)).error).toContain("there are several: name one as acme/");
  });

  test("writes nothing, and holds no token that could", async () => {
    await begin();
    await applied(rollout);
    await rollout.kill();
    await ground.github.settle();
    const before = ground.github.hub.requests.length;
    await why();
    const sent = ground.github.hub.requests.slice(before).filter(({ method }) => method !== "GET");
    expect([...new Set(sent.map(({ route }) => route))]).toEqual([
      "/app/installations/{installation_id}/access_tokens",
    ]);
    const tokens = [...ground.github.hub.store.installationTokens.values()];
    expect(Object.values(tokens.at(-1)?.permissions ?? { none: "write" })).not.toContain("write");
  });
});
