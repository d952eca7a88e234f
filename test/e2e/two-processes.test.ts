/** The loop between `sandbox` and `serve` as two processes: by webhooks alone, and by looking alone. */

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Octokit } from "@octokit/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { drift } from "../../src/cli/demo/drift.ts";
import { release } from "../../src/cli/demo/release.ts";
import { rollback } from "../../src/cli/demo/rollback.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import type { Stage } from "../../src/cli/demo/stage.ts";
import { freePort } from "../../src/sandbox/free-port.ts";
import {
  type Environment,
  type SandboxProcess,
  serveEnvironment,
  startSandboxProcess,
  startServeProcess,
  webhookUrl,
} from "./processes.ts";
import { openThread, play, say, stageOf } from "./stage-of.ts";

const run = promisify(execFile);
const curl = async (...args: string[]): Promise<string> =>
  (await run("curl", ["--silent", "--max-time", "20", ...args])).stdout;
const minutes = 60_000;
/** Whether nothing is proposed again is seen from the registry's side, which is in the other process. */
const loop = [...release, ...drift, ...rollback.filter((step) => step.name !== "version-held")];
const real = findAssets(process.env) !== null;

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

interface Pair {
  readonly sandbox: SandboxProcess;
  readonly stage: Stage;
  readonly logs: () => string;
}

async function startPair(
  cluster: "in-memory" | "kube-apiserver",
  how: { readonly webhooks: boolean; readonly settings?: Environment },
  published?: (stage: Stage) => Promise<void>,
): Promise<Pair> {
  const port = await freePort();
  const hook = how.webhooks ? { webhookUrl: webhookUrl(port) } : {};
  const sandbox = await startSandboxProcess({ cluster, ...hook });
  running.push(() => sandbox.stop());
  const serve = await startServeProcess(serveEnvironment(sandbox.addresses, port, how.settings));
  running.push(() => serve.stop());
  const opened = await stageOf(sandbox.addresses, published);
  running.push(() => opened.close());
  return { sandbox, stage: opened.stage, logs: () => `serve:\n${serve.tail()}\nsandbox:\n${sandbox.tail()}` };
}

/** Nothing but events leads anywhere after the start: neither schedule nor resync come round. */
async function byWebhooks(cluster: "in-memory" | "kube-apiserver"): Promise<Pair> {
  let thread = 0;
  const pair = await startPair(cluster, { webhooks: true }, (stage) =>
    say(stage, thread, "/lockkeeper scan"),
  );
  thread = await openThread(pair.stage);
  return pair;
}

describe("the loop runs between two processes", () => {
  test("by webhooks alone", { timeout: 4 * minutes }, async () => {
    const { stage, logs } = await byWebhooks("in-memory");
    await play(stage, loop, logs);
  });

  test("by resync alone, with no webhook at all", { timeout: 4 * minutes }, async () => {
    const settings = { LOCKKEEPER_RESYNC_SECONDS: "2" };
    const { stage, logs } = await startPair("in-memory", { webhooks: false, settings });
    await play(stage, loop, logs);
  });

  test.runIf(real)(
    "by webhooks alone on a real kube-apiserver, where kubectl sees it",
    { timeout: 4 * minutes },
    async () => {
      const { sandbox, stage, logs } = await byWebhooks("kube-apiserver");
      await play(stage, release, logs);
      const kubectl = async (...args: string[]): Promise<string> => {
        const { kubeconfig } = sandbox.addresses.cluster;
        const { stdout } = await run("kubectl", ["--kubeconfig", kubeconfig, ...args], { timeout: 30_000 });
        return stdout;
      };
      const deployment = ["get", "deployment", "web", "--namespace", "web-production", "--output"];
      const image = "jsonpath={.spec.template.spec.containers[0].image}";
      expect(await kubectl(...deployment, image)).toBe(`${stage.registryHost}/acme/web:1.1.0`);
      await play(stage, drift, logs);
      expect(await kubectl(...deployment, "jsonpath={.spec.replicas}")).toBe("3");
    },
  );
});

describe("clients that nobody here wrote work on the sandbox of another process:", () => {
  let place: string;
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ cluster: "in-memory" });
    place = await mkdtemp(join(tmpdir(), "lockkeeper-clients-"));
  });

  afterAll(async () => {
    await sandbox.stop();
    await rm(place, { recursive: true, force: true });
  });

  const cloneUrl = (login: string, password: string): string => {
    const url = new URL("/acme/gitops.git", sandbox.addresses.github.webUrl);
    return Object.assign(url, { username: login, password }).href;
  };
  const git = async (...args: string[]): Promise<string> => {
    const person = ["-c", "user.name=Ada", "-c", "user.email=ada@users.noreply.github.com"];
    const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
    const { stdout } = await run("git", [...person, ...args], { cwd: place, env, timeout: 30_000 });
    return stdout;
  };

  test("git clones and pushes with a person's token, and is refused without a right one", async () => {
    const { ada = "" } = sandbox.addresses.github.users;
    await git("clone", "--quiet", cloneUrl("ada", ada), ".");
    await git("switch", "--quiet", "--create", "notes");
    await git("commit", "--quiet", "--allow-empty", "--message", "A note");
    await git("push", "--quiet", "origin", "notes");
    const head = (await git("rev-parse", "HEAD")).trim();
    expect(await git("ls-remote", "origin", "refs/heads/notes")).toBe(`${head}\trefs/heads/notes\n`);
    await expect(git("push", cloneUrl("ada", "wrong"), "notes:other")).rejects.toThrow(
      "Authentication failed",
    );
    await expect(git("push", cloneUrl("ada", ada), "notes:main")).rejects.toThrow("GH006: Protected branch");
  });

  test("octokit reads and writes", async () => {
    const { apiUrl, users } = sandbox.addresses.github;
    const octokit = new Octokit({ baseUrl: apiUrl, auth: users["grace"] });
    const here = { owner: "acme", repo: "gitops" };
    const { data } = await octokit.request("POST /repos/{owner}/{repo}/issues", {
      ...here,
      title: "By octokit",
    });
    const issue = { ...here, issue_number: data.number };
    const again = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}", issue);
    expect(again.data).toMatchObject({ title: "By octokit", user: { login: "grace" } });
  });

  test("curl gets the registry's and GitHub's answers", async () => {
    const { github, registry } = sandbox.addresses;
    const authorization = `authorization: token ${github.users["ada"]}`;
    const repository = await curl("--header", authorization, `${github.apiUrl}/repos/acme/gitops`);
    expect(JSON.parse(repository)).toMatchObject({ full_name: "acme/gitops", default_branch: "main" });
    const asked = await curl("--head", `${registry.url}/v2/acme/web/tags/list`);
    expect(asked).toContain("401");
    const realm = /realm="([^"]+)"/.exec(asked)?.[1] ?? "";
    const query = `service=${new URL(registry.url).host}&scope=repository:acme/web:pull`;
    const { token } = JSON.parse(await curl(`${realm}?${query}`)) as { token: string };
    const tags = await curl(
      "--header",
      `authorization: Bearer ${token}`,
      `${registry.url}/v2/acme/web/tags/list`,
    );
    expect(JSON.parse(tags)).toEqual({ name: "acme/web", tags: ["1.0.0"] });
  });
});
