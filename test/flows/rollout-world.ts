/** A sandbox GitHub, a cluster, the real adapters and queue, and the deploy flow at work on one repository. */

import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { Target } from "../../src/config/config.ts";
import { configPath } from "../../src/config/config.ts";
import { findApps, lookAgain } from "../../src/flows/deploy/apps.ts";
import { type DeployWorld, createDeployWorld } from "../../src/flows/deploy/deploy-world.ts";
import { deploy } from "../../src/flows/deploy/deploy.ts";
import { type ReloadWorld, createReloadWorld } from "../../src/flows/reload/reload-world.ts";
import { reload } from "../../src/flows/reload/reload.ts";
import { type GitHubForge, createForge } from "../../src/github/forge.ts";
import { type Result, ok } from "../../src/model/failure.ts";
import type { Key } from "../../src/model/key.ts";
import type { RepositoryRef } from "../../src/model/repository.ts";
import type { KubernetesObject } from "../../src/model/resource.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Cluster } from "../../src/ports/cluster.ts";
import { type MemoryQueue, createQueue } from "../../src/queue/queue.ts";
import { createRenderer } from "../../src/render/renderer.ts";
import { ownManifest, readAppManifest } from "../../src/sandbox/app-manifest.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import { type SandboxCluster, startCluster } from "../../src/sandbox/cluster.ts";
import { type SandboxGitHub, startGitHub } from "../../src/sandbox/github.ts";
import { createThreads } from "../../src/threads/create-threads.ts";
import { findTool } from "../real/render-tools.ts";
import { type Answer, call, value } from "./user-call.ts";

export const folder = "apps/web/production";

/** Where this machine has them. */
const tools = {
  kustomize: findTool("kustomize"),
  helm: findTool("helm"),
  searchPath: process.env["PATH"] ?? "",
};

/** One thread serves all worlds of a file. */
const threads = createThreads();

export const config = `apps:
  - match: "apps/{app}/{environment}"
    namespace: "{app}-{environment}"
    environment: "{environment}"
    mode: apply
    prune: true
    drift: report
    wait: 1m
signoff:
  owners: [user:ada]
`;

export const target: Target = {
  repository: "acme/gitops",
  paths: ["apps/**"],
  namespaces: ["web-*"],
  allowedKinds: ["Namespace"],
  serviceAccount: "self",
  baseline: "head",
  floor: null,
};

/** The manifests of one app: a Namespace and ConfigMaps with a value each. */
export function manifests(
  values: Readonly<Record<string, string>>,
  namespace: string,
): Record<string, string> {
  const maps = Object.entries(values).map(
    ([name, text]) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  text: ${JSON.stringify(text)}\n`,
  );
  return {
    "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n`,
    "maps.yaml": maps.join("---\n"),
  };
}

export interface RolloutWorld {
  readonly forge: GitHubForge;
  readonly cluster: Cluster;
  readonly repository: RepositoryRef;
  /** The running App; null between `kill` and `start`. */
  world: DeployWorld | null;
  /** The same, where workloads are to roll for their configuration. */
  reload: ReloadWorld | null;
  readonly key: Extract<Key, { flow: "deploy" }>;
  readonly namespace: string;
  start(change?: (world: DeployWorld) => DeployWorld): void;
  /** As after a kill: everything in memory is gone. */
  kill(): Promise<void>;
  /** Puts a key for every app on the queue, as a push does. */
  push(): void;
  /** Says that a pull request was merged. */
  merged(): void;
  /** Puts the namespace on the queue for reloads. */
  look(): void;
  /** Waits until no job runs or is ready to. */
  idle(): Promise<void>;
  /** Seconds by which reloads are ahead of everything else. */
  ahead: number;
  pass(seconds: number): void;
  as(login: "ada" | "grace" | "linus", method: string, path: string, body?: unknown): Promise<Answer>;
  configMap(name: string): Promise<KubernetesObject | null>;
  stop(): Promise<void>;
}

/** What flows are tested on: the API in memory always, a real API server where there is one. */
export const clusterKinds: readonly SandboxCluster["kind"][] =
  findAssets(process.env) === null ? ["in-memory"] : ["in-memory", "kube-apiserver"];

/** What the worlds of one test file share: a cluster, and a GitHub whose time can be moved. */
export interface Ground {
  readonly cluster: SandboxCluster;
  readonly github: SandboxGitHub;
  readonly tokens: Readonly<Record<"ada" | "grace" | "linus", string>>;
  readonly clock: Clock & { ahead: number };
  worlds: number;
  stop(): Promise<void>;
}

export async function startGround(kind: SandboxCluster["kind"]): Promise<Ground> {
  const clock = { ahead: 0, now: () => new Date(Date.now() + clock.ahead * 1000) };
  const { name, slug, permissions, events } = value(await readAppManifest(ownManifest));
  const [cluster, github] = await Promise.all([
    startCluster({ kind }),
    startGitHub({ app: { name, slug, permissions, events }, clock }),
  ]);
  const tokens = {
    ada: github.addUser("ada"),
    grace: github.addUser("grace"),
    linus: github.addUser("linus"),
  };
  const stop = async (): Promise<void> => {
    await github.settle();
    await github.stop();
    await cluster.stop();
  };
  return { cluster, github, tokens, clock, worlds: 0, stop };
}

/** `files` are those of the app in `folder`, `beside` all others; repository and namespace are others for each world. */
export async function startRollout(
  ground: Ground,
  files: (namespace: string) => Readonly<Record<string, string>>,
  more: {
    readonly target?: Partial<Target>;
    readonly config?: string;
    readonly reloads?: boolean;
    readonly beside?: Readonly<Record<string, string>>;
    /** How the App reaches the cluster, where it is not directly. */
    readonly reach?: { readonly kubeconfigFile: string; readonly relistSeconds: number };
  } = {},
): Promise<RolloutWorld> {
  const { github, tokens, clock } = ground;
  const name = `gitops-${++ground.worlds}`;
  const namespace = `web-${ground.worlds}`;
  const settings = (more.config ?? config).replaceAll("{app}-{environment}", namespace);
  const below = Object.entries(files(namespace)).map(([path, text]) => [`${folder}/${path}`, text] as const);
  const made = await github.addRepository("acme", name, {
    files: new Map([[configPath, settings], ...below, ...Object.entries(more.beside ?? {})]),
    permissions: { ada: "admin", grace: "write", linus: "write" },
  });
  github.install([made]);
  const { appId, privateKey, apiUrl } = github;
  const forge = createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
  const repository = value(await forge.repositories()).find((each) => each.name === name)!;
  const cluster = value(await connectCluster(more.reach ?? { kubeconfigFile: ground.cluster.kubeconfig }));
  const targets = [{ ...target, repository: `acme/${name}`, ...more.target }];
  let queue: MemoryQueue | null = null;
  const later = { now: () => new Date(clock.now().getTime() + rollout.ahead * 1000) };
  const rollout: RolloutWorld = {
    forge,
    cluster,
    repository,
    world: null,
    reload: null,
    ahead: 0,
    namespace,
    key: { flow: "deploy", repository, path: folder },
    start(change = (world) => world) {
      const parts = {
        forge,
        cluster,
        renderer: createRenderer(threads, tools),
        threads,
        targets,
        clock,
        log,
      };
      const started = createQueue({
        run,
        concurrency: 2,
        log,
      });
      const registry = {} as DeployWorld["registry"];
      const world = change(
        createDeployWorld({ ...parts, registry, queue: started }, (bytes) => randomBytes(bytes)),
      );
      async function run(key: Key): Promise<Result<void>> {
        if (key.flow === "apps") return findApps(world, key);
        if (key.flow === "landings") return lookAgain(world, key);
        if (key.flow === "reload" && rollout.reload !== null) return reload(rollout.reload, key);
        return key.flow === "deploy" ? deploy(world, key) : ok(undefined);
      }
      queue = started;
      rollout.world = world;
      rollout.reload =
        more.reloads === true ? createReloadWorld({ ...world, clock: later }, [namespace]) : null;
      started.start();
      started.add({ flow: "reload", namespace: "" });
    },
    async kill() {
      await queue?.drain(10_000);
      rollout.world?.live.stop();
      rollout.world?.engines.stop();
      rollout.reload?.watches.stop();
      rollout.world = null;
      rollout.reload = null;
    },
    push: () => queue?.add({ flow: "apps", repository }),
    merged: () => queue?.add({ flow: "landings", repository }),
    idle: async () => queue?.idle(),
    look: () => queue?.add({ flow: "reload", namespace }),
    pass: (seconds) => {
      clock.ahead += seconds;
    },
    as: (login, method, path, body) =>
      call(`${apiUrl}/repos/acme/${repository.name}${path}`, tokens[login], method, body),
    async configMap(name) {
      const found = await cluster.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name });
      return found.ok ? found.value : null;
    },
    async stop() {
      await rollout.kill();
      await cluster.close();
    },
  };
  return rollout;
}

const log = { info: () => undefined, warn: () => undefined };

/** Waits until `look` does not throw any more; its last error when that takes longer than a machine that does much else needs. */
export async function eventually<T>(look: () => T | Promise<T>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(50);
    }
  }
}

/** A branch of Ada's with one commit per file, and its pull request. */
export async function openPull(
  rollout: RolloutWorld,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): Promise<{ number: number; sha: string }> {
  const main = await rollout.as("ada", "GET", "/git/ref/heads/main");
  await rollout.as("ada", "POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: main.object.sha });
  let sha = "";
  for (const [path, text] of Object.entries(files)) sha = await commit(rollout, branch, path, text);
  const pull = await rollout.as("ada", "POST", "/pulls", { title: branch, head: branch, base: "main" });
  return { number: pull.number, sha };
}

/** Writes or deletes one file on a branch. */
export async function commit(
  rollout: RolloutWorld,
  branch: string,
  path: string,
  text: string | null,
): Promise<string> {
  const at = `/contents/${path}`;
  const old = await rollout.as("ada", "GET", `${at}?ref=${branch}`).catch(() => undefined);
  const content = text === null ? undefined : Buffer.from(text).toString("base64");
  const method = text === null ? "DELETE" : "PUT";
  const written = await rollout.as("ada", method, at, {
    message: `Change ${path}`,
    content,
    branch,
    sha: old?.sha,
  });
  return written.commit.sha;
}

/** Our verdict on a commit, as the check flow writes it. */
export async function signOff(
  rollout: RolloutWorld,
  sha: string,
  conclusion: "success" | "action_required" = "success",
): Promise<void> {
  const { checks } = rollout.forge.open(rollout.repository, "check");
  const report = {
    name: "lockkeeper/signoff",
    sha,
    externalId: sha,
    conclusion,
    title: conclusion,
    summary: "",
  };
  value(await checks.create(report));
}

/** Merges and tells the App; answers the commit on main. */
export async function merge(rollout: RolloutWorld, number: number, method = "merge"): Promise<string> {
  await eventually(async () => {
    const { mergeable } = await rollout.as("ada", "GET", `/pulls/${number}`);
    expect(mergeable).toBe(true);
  });
  const { sha } = await rollout.as("ada", "PUT", `/pulls/${number}/merge`, { merge_method: method });
  rollout.push();
  return sha;
}

/** A signed-off pull request that changes files of the app, landed. */
export async function land(
  rollout: RolloutWorld,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  method = "merge",
): Promise<{ number: number; sha: string }> {
  const below = Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text] as const);
  const pull = await openPull(rollout, branch, Object.fromEntries(below));
  await signOff(rollout, pull.sha);
  return { number: pull.number, sha: await merge(rollout, pull.number, method) };
}
