import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningApp } from "../../src/cli/compose.ts";
import { startApp } from "../../src/cli/start-app.ts";
import { type Setting, bytes, openSetting, value } from "../github/sandbox-forge.ts";

const config = `apps:
  - { match: "apps/{app}", mode: propose }
signoff:
  default: { approvals: 1, anyOf: [write] }
`;
let setting: Setting;
let app: RunningApp;
beforeAll(async () => {
  setting = await openSetting(new Map([[".github/lockkeeper.yml", config]]));
  const { github } = setting;
  app = await startApp({
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.apiUrl,
    PORT: "0",
    METRICS_PORT: "0",
    LOCKKEEPER_RESYNC_SECONDS: "1",
    LOG_LEVEL: "silent",
  });
});
afterAll(async () => {
  expect(await app.stop()).toBe(true);
  await setting.github.stop();
});

/** Opens a pull request as a person would, and answers its head. */
async function propose(branch: string): Promise<string> {
  const { code, pulls } = setting.forge.open(setting.repository, "scan");
  const parent = (await value(code.head())).sha;
  const files = new Map([["apps/web/deployment.yaml", bytes(`image: acme/web:${branch}\n`)]]);
  const sha = await value(code.writeBranch({ branch, parent, files, message: "m", expected: null }));
  await value(pulls.create({ title: branch, body: "", head: branch, base: "main" }));
  return sha;
}

async function conclusion(sha: string): Promise<string | undefined> {
  const { checks } = setting.forge.open(setting.repository, "check");
  return (await value(checks.list(sha, "lockkeeper/signoff")))[0]?.conclusion;
}

describe("Lockkeeper beside a GitHub", () => {
  test("judges a pull request when the webhook tells of it", async () => {
    setting.github.setWebhookUrl(`${app.url}/api/github/webhooks`);
    const sha = await propose("told");
    await expect.poll(() => conclusion(sha), { timeout: 10_000 }).toBe("action_required");
    setting.github.setWebhookUrl(null);
  });

  test("judges it without any webhook, by looking again", async () => {
    const sha = await propose("untold");
    await expect.poll(() => conclusion(sha), { timeout: 10_000 }).toBe("action_required");
  });

  test("makes no decision of an event: a forged merge of a signed sender changes nothing", async () => {
    const { id, owner, name, installation } = setting.repository;
    const body = JSON.stringify({
      action: "closed",
      installation: { id: installation },
      repository: { id, name, owner: { login: owner }, default_branch: "main" },
      pull_request: { merged: true, head: { sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e" } },
    });
    const signature = createHmac("sha256", setting.github.webhookSecret).update(body).digest("hex");
    const before = (await value(setting.forge.open(setting.repository, "scan").code.head())).sha;
    const { status } = await fetch(`${app.url}/api/github/webhooks`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "1",
        "x-hub-signature-256": `sha256=${signature}`,
      },
    });
    expect(status).toBe(202);
    await app.queue.idle();
    expect((await value(setting.forge.open(setting.repository, "scan").code.head())).sha).toBe(before);
  });
});
