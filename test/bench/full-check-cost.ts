/** What 10,000 objects cost that do not change, and a check of all of them, beside `kubectl diff` on the same API server. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Person, must as mustAnswer } from "../../src/cli/demo/person.ts";
import { startApp } from "../../src/cli/start-app.ts";
import { connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  type HugeApp,
  appCount,
  hugeApps,
  hugeCount,
  hugeManifests,
  hugeMapName,
} from "./huge-repository.ts";
import { type Run, kubectlVersion, runKubectl } from "./kubectl.ts";
import { must } from "./lockkeeper.ts";
import { environmentFor } from "./loop.ts";
import type { Measurement } from "./measurement.ts";
import { asked, sum, text } from "./object-cost.ts";
import { openSandbox } from "./open-sandbox.ts";
import { somebody } from "./people.ts";
import { type Memory, memoryIsTold, startServe } from "./serve-process.ts";
import { waitFor } from "./wait-for.ts";

/** The design's. */
const memoryGoal = 256;
/** Seconds, not minutes, with the API server and GitHub's sandbox on the same two cores. */
const secondsGoal = 30;
/** kubectl is asked about so many apps of the 20: about all of them takes it minutes. */
const diffedApps = 2;
const quietMs = 3_000;
const patient = { everyMs: 100, seconds: 600 };

interface Process {
  readonly seconds: number;
  /** Null where the system does not tell. */
  readonly memory: Memory | null;
}

/** Needs a real API server. */
export async function fullCheckCost(tell: (text: string) => void): Promise<readonly Measurement[]> {
  const sandbox = await openSandbox(["acme/huge"], "kube-apiserver");
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  try {
    const environment = await environmentFor(sandbox, directory);
    const grace = somebody(sandbox, "grace");
    const applying = await inProcess(environment, () => applied(grace));
    await editByHand(sandbox);
    const checking = await inProcess(environment, () => reported(grace));
    const counted = await countRequests(environment);
    const version = kubectlVersion();
    if (version === null) tell("No kubectl here: a full check is not compared with kubectl diff.");
    const kubectl = version === null ? null : { version, ...(await diff(sandbox, directory)) };
    return rowsOf(sandbox, { applying, checking, counted, kubectl });
  } finally {
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs `serve` until `done`, and looks at its memory when it has been left alone for a while. */
async function inProcess(
  environment: Readonly<Record<string, string>>,
  done: () => Promise<unknown>,
): Promise<Process> {
  const began = performance.now();
  const serve = startServe(environment);
  try {
    await done();
    const seconds = (performance.now() - began) / 1000;
    await pause(quietMs);
    return { seconds, memory: memoryIsTold ? serve.memory() : null };
  } finally {
    await serve.stop();
  }
}

const repository = "/repos/acme/huge";

/** Waits until every app has been applied and is healthy. */
function applied(grace: Person): Promise<true> {
  return waitFor(
    "all apps",
    async () => {
      const path = `${repository}/deployments`;
      const all = await mustAnswer<{ id: number }[]>(grace, "GET", `${path}?per_page=100`);
      if (all.length < appCount) return undefined;
      for (const { id } of all) {
        const statuses = await mustAnswer<{ state: string }[]>(grace, "GET", `${path}/${id}/statuses`);
        if (statuses[0]?.state !== "success") return undefined;
      }
      return true as const;
    },
    { ...patient, everyMs: 1_000 },
  );
}

/** One object of each app, so that a check is over when all of them are reported. */
async function editByHand({ cluster }: Sandbox): Promise<void> {
  const client = must(await connectCluster({ kubeconfigFile: cluster.kubeconfig }));
  const options = { manager: "kubectl-edit", force: true, dryRun: false, as: "self" } as const;
  for (const { namespace } of hugeApps) {
    const metadata = { name: hugeMapName(0), namespace };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { value: "by hand" } };
    must(await client.apply(object, options));
  }
  await client.close();
}

function reported(grace: Person): Promise<true> {
  const path = `${repository}/issues?state=open&labels=lockkeeper%2Fdrift&per_page=100`;
  return waitFor(
    "all drift reports",
    async () => ((await mustAnswer<unknown[]>(grace, "GET", path)).length === appCount ? true : undefined),
    { ...patient, everyMs: 50 },
  );
}

interface Counted {
  readonly start: ReadonlyMap<string, number>;
  readonly again: ReadonlyMap<string, number>;
  readonly againSeconds: number;
}

/** The same in this process, where the client counts what it sends: from the start, and when all is looked at again. */
async function countRequests(environment: Readonly<Record<string, string>>): Promise<Counted> {
  const app = await startApp(environment);
  try {
    const requests = app.world.cluster?.requests;
    await waitFor(
      "the check of all apps",
      () => ((requests?.get("dry-run") ?? 0) >= appCount ? true : undefined),
      patient,
    );
    await app.queue.idle();
    const start = new Map(requests);
    const began = performance.now();
    const again = await asked({ app }, async () => {
      app.queue.add({ flow: "resync" });
      await app.queue.idle();
    });
    return { start, again, againSeconds: (performance.now() - began) / 1000 };
  } finally {
    await app.stop();
  }
}

interface Diff {
  readonly objects: number;
  readonly run: Run;
}

async function diff({ cluster }: Sandbox, directory: string): Promise<Diff> {
  const folder = await mkdtemp(join(directory, "diff-"));
  const files = hugeApps.slice(0, diffedApps).flatMap((app, index) => filesOf(app, `${index}`));
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  const run = await runKubectl(cluster.kubeconfig, [
    "diff",
    "--server-side",
    "--force-conflicts",
    "-f",
    folder,
  ]);
  return { objects: files.length, run };
}

/** Those of all apps lie in one folder, and each says where it belongs. */
function filesOf(app: HugeApp, prefix: string): readonly (readonly [string, string])[] {
  return hugeManifests(app).map(([name, content]) => {
    const placed =
      name === "namespace.yaml"
        ? content
        : content.replace("metadata:\n", `metadata:\n  namespace: ${app.namespace}\n`);
    return [`${prefix}-${name}`, placed] as const;
  });
}

interface Found {
  readonly applying: Process;
  readonly checking: Process;
  readonly counted: Counted;
  readonly kubectl: (Diff & { readonly version: string }) | null;
}

function rowsOf(
  { cluster }: Sandbox,
  { applying, checking, counted, kubectl }: Found,
): readonly Measurement[] {
  const on = `${cluster.kind} ${cluster.version}`;
  const name = `${hugeCount.toLocaleString("en")} objects`;
  const requests = sum(counted.start) / hugeCount;
  const change = `${appCount} changed by hand while it was down are reported`;
  // Which kinds are served is asked again where one was missing; that is about no object.
  const again = new Map([...counted.again].filter(([verb]) => verb !== "discover"));
  return [
    ...memoryRow(`${name}, memory once all are applied`, applying, on),
    ...memoryRow(`${name}, memory after a full check`, checking, on),
    {
      measure: `${name}, API requests per object looked at again`,
      value: sum(again) / hugeCount,
      unit: "requests",
      goal: 0,
      on,
      detail: text(counted.again),
    },
    {
      measure: `${name}, all looked at again`,
      value: counted.againSeconds,
      unit: "s",
      goal: secondsGoal,
      on,
    },
    {
      measure: `${name}, full check from the start of serve`,
      value: checking.seconds,
      unit: "s",
      goal: secondsGoal,
      on,
      detail: `until ${change}`,
    },
    {
      measure: `${name}, API requests per object of that check`,
      value: requests,
      unit: "requests",
      goal: null,
      on,
      detail: text(counted.start),
    },
    ...(kubectl === null ? [] : besideKubectl({ name, on, requests, seconds: checking.seconds }, kubectl)),
  ];
}

function memoryRow(measure: string, { memory, seconds }: Process, on: string): readonly Measurement[] {
  if (memory === null) return [];
  const { resident, files, peak } = memory;
  const detail = `after ${seconds.toFixed(1)} s; ${Math.round(files)} MiB of it are files of the runtime; at most ${Math.round(peak)} MiB`;
  return [
    { measure, value: resident, unit: "MiB", goal: memoryGoal, on: `serve as a process, ${on}`, detail },
  ];
}

/** By object: kubectl was asked about some of them only. */
function besideKubectl(
  { name, on, requests, seconds }: { name: string; on: string; requests: number; seconds: number },
  { objects, run, version }: Diff & { readonly version: string },
): readonly Measurement[] {
  const both = `${on}, kubectl ${version}`;
  const detail = `kubectl diff of ${objects}: ${run.seconds.toFixed(2)} s and ${run.requests} requests`;
  const row = (what: string, ours: number, theirs: number): Measurement => ({
    measure: `${name}, ${what} per object beside kubectl diff`,
    value: ours / (theirs / objects),
    unit: "times",
    goal: 1,
    on: both,
    detail,
  });
  return [row("time", seconds / hugeCount, run.seconds), row("requests", requests, run.requests)];
}
