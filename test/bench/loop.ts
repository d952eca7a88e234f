/** Lockkeeper at work on the sandbox, composed as `serve` composes it, with the app of 200 objects applied. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningApp } from "../../src/cli/compose.ts";
import { type Person, must as mustAnswer } from "../../src/cli/demo/person.ts";
import { addresses } from "../../src/cli/sandbox.ts";
import { startApp } from "../../src/cli/start-app.ts";
import { connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { Cluster } from "../../src/ports/cluster.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { openSandbox } from "./open-sandbox.ts";
import { approve, propose, signedOff, somebody } from "./people.ts";
import { waitFor } from "./wait-for.ts";
import { bigApp, configMap, mapName, mapPath, targets } from "./repositories.ts";
import { must } from "./lockkeeper.ts";

export interface Loop {
  readonly sandbox: Sandbox;
  readonly app: RunningApp;
  /** A client of our own: what it asks is not counted as Lockkeeper's. */
  readonly cluster: Cluster;
  readonly ada: Person;
  readonly grace: Person;
  /** When (by `performance.now()`) a ConfigMap was first seen with a value; undefined while it was not. */
  readonly seenAt: (name: string, value: string) => number | undefined;
  /** Waits until no webhook is on its way and no job runs or waits for a free place. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const repository = "acme/big";

/** The environment of `serve` for a sandbox; nothing happens by schedule while the bench runs. */
export async function environmentFor(sandbox: Sandbox, directory: string): Promise<Record<string, string>> {
  const { github, cluster } = addresses(sandbox);
  const targetsFile = join(directory, "targets.yml");
  await writeFile(targetsFile, targets);
  return {
    APP_ID: String(github.appId),
    PRIVATE_KEY_PATH: github.privateKeyFile,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.apiUrl,
    PORT: "0",
    KUBECONFIG: cluster.kubeconfig,
    LOCKKEEPER_TARGETS: targetsFile,
    LOCKKEEPER_INSECURE_REGISTRIES: sandbox.registry.host,
    LOCKKEEPER_SCAN_SCHEDULE: "0 0 1 1 *",
    LOCKKEEPER_RESYNC_SECONDS: "86400",
    LOG_LEVEL: "error",
  };
}

export async function openLoop(kind: Sandbox["cluster"]["kind"]): Promise<Loop> {
  const sandbox = await openSandbox([repository], kind);
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  const app = await startApp(await environmentFor(sandbox, directory));
  sandbox.github.setWebhookUrl(`${app.url}/api/github/webhooks`);
  const cluster = must(await connectCluster({ kubeconfigFile: sandbox.cluster.kubeconfig }));
  const { seenAt, stop } = await watchMaps(cluster);
  const settle = async () => {
    await sandbox.github.settle();
    await app.queue.idle();
  };
  const close = async () => {
    stop();
    await app.stop();
    await cluster.close();
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const loop = { sandbox, app, cluster, seenAt, settle, close };
  await waitFor("the first rollout", () => seenAt(mapName(0), "first"));
  const grace = somebody(sandbox, "grace");
  await deployed({ ...loop, grace }, 1);
  return { ...loop, grace, ada: somebody(sandbox, "ada") };
}

/** Waits for so many deployments of the app to have succeeded, and for what follows from the last one. */
export async function deployed(
  { grace, settle }: Pick<Loop, "grace" | "settle">,
  count: number,
): Promise<void> {
  const path = `/repos/${repository}/deployments`;
  await waitFor(`deployment ${count}`, async () => {
    const all = await mustAnswer<{ id: number }[]>(grace, "GET", path);
    if (all.length < count) return undefined;
    const statuses = await mustAnswer<{ state: string }[]>(grace, "GET", `${path}/${all[0]?.id}/statuses`);
    return statuses[0]?.state === "success" ? true : undefined;
  });
  await settle();
}

async function watchMaps(cluster: Cluster): Promise<Pick<Loop, "seenAt"> & { stop: () => void }> {
  const seen = new Map<string, number>();
  const kind = must(await cluster.kind("v1", "ConfigMap"));
  const watch = cluster.watch(kind, "", (event) => {
    if (event.type !== "present" || event.object.metadata.namespace !== bigApp.namespace) return;
    const { value } = (event.object["data"] ?? {}) as { value?: string };
    const key = `${event.object.metadata.name} ${value}`;
    if (!seen.has(key)) seen.set(key, performance.now());
  });
  return { seenAt: (name, value) => seen.get(`${name} ${value}`), stop: () => watch.stop() };
}

/** Lands a signed-off change of these ConfigMaps; answers when GitHub had answered the merge, by `performance.now()`. */
export async function land({ ada, grace }: Loop, value: string, maps: readonly number[]): Promise<number> {
  const files = Object.fromEntries(maps.map((index) => [mapPath(index), configMap(index, value)]));
  const { number, sha } = await propose(ada, repository, `to-${value}`, files);
  await approve(grace, repository, number);
  await signedOff(grace, repository, sha);
  await mustAnswer(grace, "PUT", `/repos/${repository}/pulls/${number}/merge`, {
    merge_method: "squash",
    sha,
  });
  return performance.now();
}
