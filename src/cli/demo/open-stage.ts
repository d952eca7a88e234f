/** Sets the stage of the demo: the sandbox, Lockkeeper beside it, and the people. */

import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { connectCluster } from "../../cluster/connect-cluster.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { ownManifest } from "../../sandbox/app-manifest.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type ClusterKind, addresses, exampleSeed, openSandbox } from "../sandbox.ts";
import { startApp } from "../start-app.ts";
import { person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** How often the demo looks at the registry. */
const scanSchedule = "*/3 * * * * *";

export async function openStage(
  cluster: ClusterKind,
  headless: boolean,
): Promise<{ stage: Stage; close: () => Promise<void> }> {
  const sandbox = await openSandbox({ app: ownManifest, seed: exampleSeed, cluster });
  try {
    const app = await startApp(environmentFor(sandbox));
    sandbox.github.setWebhookUrl(`${app.url}/api/github/webhooks`);
    const connected = await connectCluster({ kubeconfigFile: sandbox.cluster.kubeconfig });
    if (!connected.ok) throw new Error(connected.failure.message);
    const stage = stageOn(sandbox, connected.value, headless ? async () => {} : askAtTerminal);
    const close = async () => {
      await connected.value.close();
      await app.stop();
      await sandbox.stop();
    };
    return { stage, close };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

function stageOn(sandbox: Sandbox, cluster: Cluster, ask: Stage["ask"]): Stage {
  const people = (login: string) => person(sandbox.github.apiUrl, login, sandbox.users[login] ?? "");
  return {
    apiUrl: sandbox.github.apiUrl,
    webUrl: sandbox.github.webUrl,
    clusterKind: sandbox.cluster.kind,
    clusterVersion: sandbox.cluster.version,
    registryHost: sandbox.registry.host,
    registry: {
      push: (repository, tag) => sandbox.registry.push(repository, tag),
      requested: () => sandbox.registry.requests.map((request) => request.path),
    },
    cluster,
    ada: people("ada"),
    grace: people("grace"),
    mallory: people("mallory"),
    ask,
    story: { pull: 0, merged: "", second: 0, approvedHead: "" },
  };
}

/** The settings with which `serve` would run on this sandbox. */
function environmentFor(sandbox: Sandbox): Record<string, string> {
  const { github, cluster } = addresses(sandbox);
  return {
    APP_ID: String(github.appId),
    PRIVATE_KEY_PATH: github.privateKeyFile,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.apiUrl,
    HOST: "127.0.0.1",
    PORT: "0",
    KUBECONFIG: cluster.kubeconfig,
    LOCKKEEPER_TARGETS: join(exampleSeed, "targets.yml"),
    LOCKKEEPER_INSECURE_REGISTRIES: sandbox.registry.host,
    LOCKKEEPER_SCAN_SCHEDULE: scanSchedule,
    LOCKKEEPER_RESYNC_SECONDS: "60",
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "warn",
  };
}

async function askAtTerminal(what: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question(`\n  Press Enter to ${what}. `);
  terminal.close();
}
