/** What is counted while Lockkeeper runs, for Prometheus, on a port of its own and never on the public one. */

import { type Server, createServer } from "node:http";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export interface MetricsOptions {
  /** Keys by what they wait for, read when asked. */
  readonly queue: () => { readonly ready: number; readonly delayed: number; readonly running: number };
  readonly githubRequests: () => { readonly total: number; readonly notModified: number };
  /** Apps whose objects differ from Git, and for how long that is known. */
  readonly drift: () => readonly {
    readonly app: string;
    readonly objects: number;
    readonly seconds: number;
  }[];
  /** Null where reloads are switched on nowhere. */
  readonly reloads: () => {
    readonly counts: Readonly<Record<string, number>>;
    readonly steppedBack: boolean;
  } | null;
}

export interface Metrics {
  job(job: { readonly flow: string; readonly outcome: string; readonly seconds: number }): void;
  webhook(status: number): void;
  /** Serves `/metrics`; not listening yet. */
  readonly server: Server;
}

/** Labels have few values each: flows, outcomes, states, statuses. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const jobs = new Histogram({
    name: "lockkeeper_job_seconds",
    help: "Time that jobs took, by flow and outcome.",
    labelNames: ["flow", "outcome"],
    buckets: [0.05, 0.2, 1, 5, 20, 60, 300],
    registers,
  });
  const webhooks = new Counter({
    name: "lockkeeper_webhooks_total",
    help: "Answers on the webhook path, by status.",
    labelNames: ["status"],
    registers,
  });
  const waiting = new Gauge({
    name: "lockkeeper_queue_keys",
    help: "Keys on the queue, by state.",
    labelNames: ["state"],
    registers,
    collect: () => {
      for (const [state, count] of Object.entries(options.queue())) waiting.set({ state }, count);
    },
  });
  const requests = new Gauge({
    name: "lockkeeper_github_requests",
    help: "Requests sent to GitHub since the start; not_modified ones cost no rate limit.",
    labelNames: ["answer"],
    registers,
    collect: () => {
      const { total, notModified } = options.githubRequests();
      requests.set({ answer: "any" }, total);
      requests.set({ answer: "not_modified" }, notModified);
    },
  });
  countReloads(registers, options.reloads);
  countDrift(registers, options.drift);
  return {
    job: ({ flow, outcome, seconds }) => jobs.observe({ flow, outcome }, seconds),
    webhook: (status) => webhooks.inc({ status: String(status) }),
    server: metricsServer(registry),
  };
}

function countReloads(registers: Registry[], reloads: MetricsOptions["reloads"]): void {
  const outcomes = new Gauge({
    name: "lockkeeper_reloads",
    help: "Workloads whose configuration changed since the start, by what was done.",
    labelNames: ["outcome"],
    registers,
    collect: () => {
      for (const [outcome, count] of Object.entries(reloads()?.counts ?? {}))
        outcomes.set({ outcome }, count);
    },
  });
  const stepped: Gauge = new Gauge({
    name: "lockkeeper_reload_stepped_back",
    help: "1 while reloads are left to stakater/Reloader.",
    registers,
    collect: () => stepped.set(reloads()?.steppedBack === true ? 1 : 0),
  });
}

/** An app without drift has no series, so that its name goes when it does. */
function countDrift(registers: Registry[], drift: MetricsOptions["drift"]): void {
  const objects: Gauge = new Gauge({
    name: "lockkeeper_drifted_objects",
    help: "Objects that are not as Git says, by app.",
    labelNames: ["app"],
    registers,
    collect: () => {
      objects.reset();
      for (const each of drift()) objects.set({ app: each.app }, each.objects);
    },
  });
  const age: Gauge = new Gauge({
    name: "lockkeeper_drift_age_seconds",
    help: "How long it is known that an app has drifted.",
    labelNames: ["app"],
    registers,
    collect: () => {
      age.reset();
      for (const each of drift()) age.set({ app: each.app }, each.seconds);
    },
  });
}

function metricsServer(registry: Registry): Server {
  return createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end("not found");
      return;
    }
    response.setHeader("content-type", registry.contentType);
    void registry.metrics().then((text) => response.end(text));
  });
}
