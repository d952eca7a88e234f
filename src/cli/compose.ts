/** Joins everything that runs: adapters, queue, flows, door and scheduler. */

import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { Probot } from "probot";
import lockkeeper, { events } from "../app.ts";
import { type Settings, isLoopback } from "../config/settings.ts";
import type { World } from "../flows/world.ts";
import { type GitHubForge, createForge } from "../github/forge.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Queue } from "../ports/queue.ts";
import { type MemoryQueue, createQueue } from "../queue/queue.ts";
import { type DoorOptions, createDoor } from "../runtime/door.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { startScheduler } from "../runtime/scheduler.ts";
import { drainMs } from "../runtime/shutdown.ts";
import { type OpenedWorld, createWorld } from "./create-world.ts";
import { runKey } from "./run-key.ts";

/** A Lockkeeper that takes webhooks and works. */
export interface RunningApp {
  /** Where the door listens, without a slash at the end. */
  readonly url: string;
  readonly world: World;
  readonly forge: GitHubForge;
  readonly queue: MemoryQueue;
  /** Takes nothing more and lets running jobs end; false when some did not within 25 seconds. */
  stop(): Promise<boolean>;
}

/** Jobs at one time: they wait for the network most of theirs. */
const concurrency = 8;
/** From a push to the scan: registries tell of a push in several messages, and some a little before it can be seen. */
const pushDelaySeconds = 2;

/** Starts everything; a failure names the setting that is to blame. */
export async function compose(settings: Settings, log: Logger): Promise<Result<RunningApp>> {
  const { appId, privateKey, apiUrl } = settings;
  const forge = createForge({
    appId,
    privateKey,
    baseUrl: apiUrl,
    pacing: !isLoopback(new URL(apiUrl).hostname),
    log,
  });
  let metrics: Metrics | null = null;
  const queue: MemoryQueue = createQueue({
    run: (key) => (opened.ok ? runKey(opened.value, key) : Promise.resolve(opened)),
    concurrency,
    log,
    observe: (job) => metrics?.job(job),
  });
  const opened = await createWorld(settings, { forge, queue, log });
  if (!opened.ok) return opened;
  metrics = await openMetrics(settings, { ...opened.value, queue, forge });
  let working = true;
  const door = createDoor({
    secret: settings.webhookSecret,
    receive: await receiver(settings, queue, log),
    registries: registryPushes(settings, queue),
    ready: () => working,
    log,
    observe: (status) => metrics?.webhook(status),
  });
  const url = await listen(door, settings.host, settings.port, "PORT");
  if (!url.ok) return url;
  const measured = await serveMetrics(metrics, settings);
  if (!measured.ok) return measured;
  const scheduler = startScheduler({ queue, ...settings });
  queue.start();
  const stop = async (): Promise<boolean> => {
    working = false;
    await scheduler.stop();
    for (const server of [door, metrics?.server]) server?.close().closeIdleConnections();
    const drained = await queue.drain(drainMs);
    for (const server of [door, metrics?.server]) server?.closeAllConnections();
    await opened.value.close();
    return drained;
  };
  return ok({ url: url.value, world: opened.value.world, forge, queue, stop });
}

/** Null where they are not served. */
async function openMetrics(
  { metricsPort }: Settings,
  {
    queue,
    forge,
    deploy,
    reload,
  }: Pick<RunningApp, "queue" | "forge"> & Pick<OpenedWorld, "deploy" | "reload">,
): Promise<Metrics | null> {
  if (metricsPort === null) return null;
  const { createMetrics } = await import("../runtime/metrics.ts");
  return createMetrics({
    queue: () => queue.stats(),
    githubRequests: () => forge.requests,
    drift: () =>
      deploy === null
        ? []
        : [...deploy.memory.drifted.values()].map(({ name, objects, since }) => ({
            app: name,
            objects,
            seconds: (deploy.clock.now().getTime() - since) / 1000,
          })),
    reloads: () => reload && { counts: reload.counts, steppedBack: reload.watches.reloader() === "running" },
  });
}

/** Undefined where registries may not tell of pushes. Several of them, as of one image's platforms, make one scan. */
function registryPushes({ registrySecret }: Settings, queue: Queue): DoorOptions["registries"] {
  if (registrySecret === null) return undefined;
  return { secret: registrySecret, pushed: () => queue.add({ flow: "scans" }, pushDelaySeconds) };
}

/** Probot dispatches what the door has verified. It is silent: what it logs of an event is the whole event. */
async function receiver(settings: Settings, queue: Queue, log: Logger): Promise<DoorOptions["receive"]> {
  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.apiUrl,
    log: log.child({}, { level: "silent" }),
  });
  await probot.ready();
  await probot.load(lockkeeper(queue));
  type ProbotEvent = Parameters<Probot["receive"]>[0];
  return async ({ id, name, payload }) => {
    if (events.includes(name)) await probot.receive({ id, name, payload } as unknown as ProbotEvent);
  };
}

async function serveMetrics(metrics: Metrics | null, settings: Settings): Promise<Result<void>> {
  if (metrics === null) return ok(undefined);
  const listening = await listen(metrics.server, settings.host, settings.metricsPort ?? 0, "METRICS_PORT");
  return listening.ok ? ok(undefined) : listening;
}

async function listen(server: Server, host: string, port: number, setting: string): Promise<Result<string>> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail("rejected", `${setting} or HOST cannot be used: ${reason}`);
  }
  const { address, family, port: bound } = server.address() as AddressInfo;
  return ok(`http://${family === "IPv6" ? `[${address}]` : address}:${bound}`);
}
