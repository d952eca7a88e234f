/** A `serve` that is killed at one of its writes and started again, on a sandbox of its own. */

import { readFile, writeFile } from "node:fs/promises";
import { until } from "../../src/cli/demo/until.ts";
import { addresses, exampleSeed, openSandbox } from "../../src/cli/sandbox.ts";
import { ownManifest } from "../../src/sandbox/app-manifest.ts";
import { type OnWrite, type Write, openGate } from "./gate.ts";
import { type RunningProcess, freePort, launchServe, serveEnvironment, webhookUrl } from "./processes.ts";
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
  const [port, metricsPort] = [await freePort(), await freePort()];
  const writes: Write[] = [];
  const tails: string[] = [];
  let serve: RunningProcess;
  let restarted: Promise<unknown> = Promise.resolve();
  const restart = (): Promise<unknown> => {
    tails.push(serve.tail());
    const dead = serve.stop();
    restarted = dead.then(() => (serve = launchServe(environment)));
    return restarted;
  };
  const onWrite: OnWrite = async (write, send) => {
    const killed = writes.push(write) === point?.write;
    if (!killed || point.after) await send();
    if (killed) await restart();
    return !killed;
  };
  const outside = addresses(sandbox);
  const gates = [
    await openGate(outside.github.apiUrl, onWrite),
    await openGate(sandbox.cluster.url, onWrite),
  ];
  const [github, cluster] = gates.map(({ url }) => url);
  const kubeconfig = `${outside.cluster.kubeconfig}-gate`;
  const direct = await readFile(outside.cluster.kubeconfig, "utf8");
  await writeFile(kubeconfig, direct.replaceAll(sandbox.cluster.url, cluster ?? ""), { mode: 0o600 });
  const environment = {
    ...serveEnvironment(outside, port),
    GITHUB_API_URL: github ?? "",
    KUBECONFIG: kubeconfig,
    METRICS_PORT: String(metricsPort),
  };
  sandbox.github.setWebhookUrl(webhookUrl(port));
  serve = launchServe(environment);
  let thread = 0;
  const opened = await stageOf(outside, (stage) => say(stage, thread, "/lockkeeper scan"));
  thread = await openThread(opened.stage);
  return {
    stage: opened.stage,
    writes,
    tail: () => [...tails, serve.tail()].join("\n-- killed --\n"),
    lookAgain: async () => {
      await restarted;
      await restart();
      await untilIdle(metricsPort);
    },
    close: async () => {
      await restarted;
      await serve.stop();
      for (const gate of gates) await gate.stop();
      await opened.close();
      await sandbox.stop();
    },
  };
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
  });
}
