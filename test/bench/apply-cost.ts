/** What a first apply, one without a change and a plan cost, beside kubectl with the same manifests on the same API server. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectedCluster } from "../../src/cluster/connect-cluster.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import { type SandboxCluster, startCluster } from "../../src/sandbox/cluster.ts";
import { freshPlace, startApply } from "../flows/deploy/apply-world.ts";
import { startDelay } from "./delay.ts";
import { type Run, kubectlVersion, runKubectl } from "./kubectl.ts";
import type { Measurement } from "./measurement.ts";

const count = 500;
/** Of each the quickest counts: what else the machine does shows in the others. */
const rounds = { near: 2, far: 1 };
const roundTripMs = 20;

type Files = Readonly<Record<string, string>>;

/** Nothing where there is no kube-apiserver or kubectl; `tell` says so. */
export async function applyCost(tell: (text: string) => void): Promise<readonly Measurement[]> {
  const version = kubectlVersion();
  if (findAssets(process.env) === null || version === null) {
    tell("No kube-apiserver or no kubectl here: nothing is compared.");
    return [];
  }
  const cluster = await startCluster({ kind: "kube-apiserver" });
  try {
    const near = await compare(cluster, rounds.near);
    const far = await fromAfar(cluster);
    return rowsOf(`kube-apiserver ${cluster.version}, kubectl ${version}`, near, far);
  } finally {
    await cluster.stop();
  }
}

interface Pair {
  readonly ours: Run;
  readonly kubectl: Run;
}

interface Comparison {
  readonly first: Pair;
  readonly unchanged: Pair;
  readonly plan: Pair;
}

function rowsOf(on: string, near: Comparison, far: Comparison): readonly Measurement[] {
  const time = (measure: string, { ours, kubectl }: Pair, goal: number): Measurement => ({
    measure: `${measure}, time beside kubectl`,
    value: ours.seconds / kubectl.seconds,
    unit: "times",
    goal,
    on,
    detail: `${ours.seconds.toFixed(2)} s and ${ours.requests} requests; kubectl ${kubectl.seconds.toFixed(2)} s and ${kubectl.requests}`,
  });
  const requests = (measure: string, { ours, kubectl }: Pair): Measurement => ({
    measure: `${measure}, requests beside kubectl`,
    value: ours.requests / kubectl.requests,
    unit: "times",
    goal: 0.1,
    on,
    detail: `${ours.requests} beside ${kubectl.requests}; ${ours.seconds.toFixed(2)} s beside ${kubectl.seconds.toFixed(2)} s`,
  });
  return [
    time(`first apply of ${count} Deployments`, near.first, 1.5),
    time(`the same, each round trip ${roundTripMs} ms longer`, far.first, 1),
    requests(`apply of ${count} unchanged Deployments`, near.unchanged),
    requests(`plan of a change of one in ${count}, beside diff`, near.plan),
    time(`the same plan, each round trip ${roundTripMs} ms longer`, far.plan, 1),
  ];
}

async function fromAfar(cluster: SandboxCluster): Promise<Comparison> {
  const delay = await startDelay(Number(new URL(cluster.url).port), roundTripMs / 2);
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  try {
    const kubeconfig = join(directory, "kubeconfig");
    const text = await readFile(cluster.kubeconfig, "utf8");
    await writeFile(kubeconfig, text.replaceAll(new URL(cluster.url).port, String(delay.port)), {
      mode: 0o600,
    });
    return await compare({ ...cluster, kubeconfig }, rounds.far);
  } finally {
    await delay.stop();
    await rm(directory, { recursive: true });
  }
}

async function compare(cluster: SandboxCluster, times: number): Promise<Comparison> {
  const all: Comparison[] = [];
  for (let round = 0; round < times; round++) {
    const kubectl = await byKubectl(cluster);
    const ours = await byUs(cluster);
    all.push({
      first: { ours: ours.first, kubectl: kubectl.first },
      unchanged: { ours: ours.unchanged, kubectl: kubectl.unchanged },
      plan: { ours: ours.plan, kubectl: kubectl.plan },
    });
  }
  const best = (part: keyof Comparison): Pair => ({
    ours: quickest(all.map((each) => each[part].ours)),
    kubectl: quickest(all.map((each) => each[part].kubectl)),
  });
  return { first: best("first"), unchanged: best("unchanged"), plan: best("plan") };
}

function quickest(runs: readonly Run[]): Run {
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

type Costs = Readonly<Record<keyof Comparison, Run>>;

async function byKubectl(cluster: SandboxCluster): Promise<Costs> {
  const { namespace } = await newPlace(cluster);
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-bench-"));
  const write = async (files: Files): Promise<void> => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  };
  const run = (...args: readonly string[]) =>
    runKubectl(cluster.kubeconfig, [...args, "-n", namespace, "-f", directory]);
  try {
    await write(manifests("1"));
    const first = await run("apply", "--server-side");
    const unchanged = await run("apply", "--server-side");
    await write(manifests("1", "2"));
    return { first, unchanged, plan: await run("diff", "--server-side") };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Until the last write of the apply is answered: whether the Deployments are healthy is not what kubectl waits for. */
async function byUs(cluster: SandboxCluster): Promise<Costs> {
  const place = await newPlace(cluster);
  let answered = 0;
  const between = (connected: ConnectedCluster): ConnectedCluster => ({
    ...connected,
    async apply(...asked) {
      const answer = await connected.apply(...asked);
      answered = performance.now();
      return answer;
    },
  });
  const app = await startApply(cluster, place, { app: { waitSeconds: 600 }, between });
  const measure = async (work: () => Promise<{ readonly until: number }>): Promise<Run> => {
    const before = app.requests();
    const began = performance.now();
    const { until } = await work();
    return { seconds: (until - began) / 1000, requests: app.requests() - before };
  };
  const deploy = async (files: Files): Promise<void> => {
    const told = await app.deploy(files);
    if (told.state !== "success") throw new Error(told.text);
  };
  try {
    const first = await measure(async () => {
      await deploy(manifests("1"));
      return { until: answered };
    });
    const unchanged = await measure(async () => {
      await deploy({ ...manifests("1"), "README.md": "Another commit." });
      return { until: performance.now() };
    });
    const plan = await measure(async () => {
      await app.plan(manifests("1"), manifests("1", "2"));
      return { until: performance.now() };
    });
    return { first, unchanged, plan };
  } finally {
    await app.stop();
  }
}

async function newPlace(cluster: SandboxCluster): Promise<ReturnType<typeof freshPlace>> {
  const place = freshPlace();
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: place.namespace } };
  const answer = await cluster.api.call("POST", "/api/v1/namespaces", object);
  if (answer.status >= 300) throw new Error(`no namespace: ${answer.status}`);
  return place;
}

/** One of them may run another version. */
function manifests(version: string, ofFirst = version): Files {
  const all = Array.from({ length: count }, (_, index) => deployment(index, index === 0 ? ofFirst : version));
  return { "deployments.yaml": all.join("---\n") };
}

function deployment(index: number, version: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  labels: { app.kubernetes.io/name: web-${index} }
spec:
  replicas: 0
  selector: { matchLabels: { app.kubernetes.io/name: web-${index} } }
  template:
    metadata: { labels: { app.kubernetes.io/name: web-${index} } }
    spec:
      containers:
        - name: web
          image: registry.example/acme/web:${version}
          env: [{ name: LEVEL, value: info }, { name: REGION, value: north }]
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /healthz, port: http } }
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 128Mi } }
`;
}
