/** A `serve` that is killed at one of its writes and started again, on a sandbox of its own. */

import { readFile, writeFile } from "node:fs/promises";
import { until } from "../../src/cli/demo/until.ts";
import { addresses, exampleSeed, openSandbox } from "../../src/cli/sandbox.ts";
import { ownManifest } from "../../src/sandbox/app-manifest.ts";
import { type OnWrite, type Write, openGate } from "./gate.ts";
import { freePort } from "../../src/sandbox/free-port.ts";
import { type Addresses, type Environment, launchServe, serveEnvironment, webhookUrl } from "./processes.ts";
import { type OutsideStage, openThread, say, stageOf } from "./stage-of.ts";

/** The moment of a kill: the number of a write, counted from 1, and whether it has its effect before. */
export interface Point {
  readonly write: number;
  readonly after: boolean;
}

export interface Lives extends OutsideStage {
  /** Every write so far, of all lives, in order. */
  readonly writes: readonly Write[];
  /** Kills it once more, starts it, and waits until it has looked everywhere and has nothing to do. */
  lookAgain(): Promise<void>;
  tail(): string;
}

/** Everything that `serve` says to GitHub and to the cluster goes through gates; people and nodes are not behind them. */
export async function beginLives(point: Point | null): Promise<Lives> {
  const sandbox = await openSandbox({ app: ownManifest, seed: exampleSeed, cluster: "in-memory" });
  const writes: Write[] = [];
  const gates = await openGates(addresses(sandbox), async (write, send) => {
    const last = writes.push(write) === point?.write;
    if (!last || point.after) await send();
    if (last) await serve.restart();
    return !last;
  });
  const [port, metricsPort] = [await freePort(), await freePort()];
  const ports = { PORT: String(port), METRICS_PORT: String(metricsPort) };
  sandbox.github.setWebhookUrl(webhookUrl(port));
  const serve = immortal({ ...serveEnvironment(addresses(sandbox), port), ...gates.settings, ...ports });
  let thread = 0;
  const outside = await stageOf(addresses(sandbox), (stage) => say(stage, thread, "/lockkeeper scan"));
  thread = await openThread(outside.stage);
  return {
    stage: outside.stage,
    writes,
    tail: serve.tail,
    lookAgain: async () => {
      await serve.restart();
      await untilIdle(metricsPort);
    },
    close: async () => {
      await serve.stop();
      await gates.stop();
      await outside.close();
      await sandbox.stop();
    },
  };
}

/** A `serve` that can be killed and is started again at once. */
function immortal(environment: Environment): {
  restart: () => Promise<void>;
  stop: () => Promise<void>;
  tail: () => string;
} {
  const tails: string[] = [];
  let life = launchServe(environment);
  let change: Promise<void> = Promise.resolve();
  const again = async (): Promise<void> => {
    await life.stop();
    tails.push(life.tail());
    life = launchServe(environment);
  };
  const restart = () => {
    change = change.then(again);
    return change;
  };
  const stop = () => change.then(() => life.stop());
  return { restart, stop, tail: () => [...tails, life.tail()].join("\n-- killed --\n") };
}

/** Opens a gate to GitHub and one to the cluster, and answers the settings that lead `serve` through them. */
async function openGates(
  { github, cluster }: Addresses,
  onWrite: OnWrite,
): Promise<{ settings: Environment; stop: () => Promise<void> }> {
  const config = JSON.parse(await readFile(cluster.kubeconfig, "utf8")) as Kubeconfig;
  const { server, "certificate-authority-data": data } = config.clusters[0]!.cluster;
  const authority = data === undefined ? undefined : Buffer.from(data, "base64").toString("utf8");
  const toGitHub = await openGate({ url: github.apiUrl }, onWrite);
  const toCluster = await openGate({ url: server, authority }, onWrite);
  const through = { ...config, clusters: [{ name: "sandbox", cluster: { server: toCluster.url } }] };
  const kubeconfig = `${cluster.kubeconfig}-gate`;
  await writeFile(kubeconfig, JSON.stringify(through), { mode: 0o600 });
  return {
    settings: { GITHUB_API_URL: toGitHub.url, KUBECONFIG: kubeconfig },
    stop: async () => {
      await toGitHub.stop();
      await toCluster.stop();
    },
  };
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; "certificate-authority-data"?: string } }[];
}

/** The start looks at everything; whatever it found to do is on the queue before that is counted as done. */
async function untilIdle(metricsPort: number): Promise<void> {
  await until(async () => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).catch(() => null);
    const text = (await answer?.text()) ?? "";
    const value = (name: string): number =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(name))
          ?.split(" ")[1],
      );
    const looked = value('lockkeeper_job_seconds_count{flow="resync",outcome="done"}');
    const [ready, running] = ["ready", "running"].map((state) =>
      value(`lockkeeper_queue_keys{state="${state}"}`),
    );
    return looked >= 1 && ready === 0 && running === 0 ? {} : `${ready} keys wait and ${running} run`;
  }, 120);
}
