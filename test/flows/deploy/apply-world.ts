/** One app on a real API server, deployed commit by commit as the deploy flow does once it knows which commit is signed. */

import { createHash, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type ConnectedCluster, connectCluster } from "../../../src/cluster/connect-cluster.ts";
import type { Target } from "../../../src/config/config.ts";
import type { DeployInput } from "../../../src/flows/deploy/deploy-input.ts";
import { planDeploy } from "../../../src/flows/deploy/deploy-plan.ts";
import { planApp } from "../../../src/flows/plan/plan-app.ts";
import { rollOut } from "../../../src/flows/deploy/deploy-rollout.ts";
import { type DeployWorld, createDeployWorld } from "../../../src/flows/deploy/deploy-world.ts";
import type { App } from "../../../src/model/app.ts";
import { fail, ok } from "../../../src/model/failure.ts";
import type { Key } from "../../../src/model/key.ts";
import type { Snapshot } from "../../../src/model/repository.ts";
import type { KubernetesObject, ObjectAddress } from "../../../src/model/resource.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { RepositoryForge } from "../../../src/ports/forge.ts";
import type { Registry } from "../../../src/ports/registry.ts";
import { createRenderer } from "../../../src/render/renderer.ts";
import { appHash } from "../../../src/rollout/app-hash.ts";
import type { Inventory } from "../../../src/rollout/inventory.ts";
import type { AppPlan } from "../../../src/rollout/merge-plan.ts";
import type { SandboxCluster } from "../../../src/sandbox/cluster.ts";
import { createThreads } from "../../../src/threads/create-threads.ts";
import { value } from "../user-call.ts";

const threads = createThreads();

/** What people are told of one commit. */
export interface Told {
  readonly state: string | undefined;
  /** Everything that was written for people: statuses, then the comment. */
  readonly text: string;
}

export interface ApplyOptions {
  readonly app?: Partial<App>;
  readonly target?: Partial<Target>;
  readonly registry?: Partial<Registry>;
  /** Of the same repository; another one is another app. */
  readonly path?: string;
  readonly clock?: Clock;
  /** What stands between the flow and the API server. */
  readonly between?: (cluster: ConnectedCluster) => ConnectedCluster;
}

export interface ApplyWorld {
  readonly cluster: ConnectedCluster;
  readonly world: DeployWorld;
  readonly hash: string;
  readonly namespace: string;
  /** The kind of each watch that was begun; one that the server ends goes on as the same. */
  readonly followed: readonly string[];
  inventory(): Inventory;
  /** Takes a commit with these files of the app, or of the repository where a name begins with "/", to its end: applied and healthy, refused, or failed. */
  deploy(files: Readonly<Record<string, string>>): Promise<Told>;
  /** What a merge that makes the one into the other would do. */
  plan(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Promise<AppPlan>;
  get(address: Omit<ObjectAddress, "namespace"> & { namespace?: string }): Promise<KubernetesObject | null>;
  /** Why the pods of a Deployment do not come up, which are labelled `app` with its name. */
  trouble(name: string): string | undefined;
  /** Requests so far that are neither watches nor discovery. */
  requests(): number;
  stop(): Promise<void>;
}

let worlds = 0;
let repositories = 1_000;

/** A namespace of its own, that is not there yet. */
export function freshPlace(): { namespace: string; repository: number } {
  return { namespace: `apply-${++worlds}`, repository: ++repositories };
}

export async function startApply(
  sandbox: SandboxCluster,
  place: ReturnType<typeof freshPlace>,
  {
    app = {},
    target = {},
    registry = {},
    path = "apps/web",
    clock = { now: () => new Date() },
    between = (cluster) => cluster,
  }: ApplyOptions = {},
): Promise<ApplyWorld> {
  const { namespace, repository: id } = place;
  const connected = value(await connectCluster({ kubeconfigFile: sandbox.kubeconfig }));
  const followed: string[] = [];
  const cluster = between({
    ...connected,
    watch(kind, ...rest) {
      followed.push(kind.kind);
      return connected.watch(kind, ...rest);
    },
  });
  const bell = createBell();
  const queue = { add: (_: Key, afterSeconds = 0) => (afterSeconds === 0 ? bell.ring() : undefined) };
  const parts = { cluster, queue, threads, targets: [], log, clock };
  const world = createDeployWorld(
    {
      ...parts,
      renderer: createRenderer(threads),
      registry: registry as Registry,
      forge: {} as DeployWorld["forge"],
    },
    (bytes) => randomBytes(bytes),
  );
  const digestKey = value(await world.ready());
  const repository = { id, owner: "acme", name: "gitops", installation: 1 };
  const hash = appHash(id, path);
  const whole: App = {
    name: path.replaceAll("/", "-"),
    path,
    namespace,
    environment: "production",
    mode: "apply",
    prune: true,
    drift: "report",
    waitSeconds: 20,
    ...app,
  };
  const allowed: Target = {
    repository: "acme/gitops",
    paths: ["**"],
    namespaces: ["**"],
    allowedKinds: [
      "Namespace",
      "CustomResourceDefinition",
      "ClusterRole",
      "Role",
      "RoleBinding",
      "PriorityClass",
    ],
    serviceAccount: "self",
    baseline: "head",
    floor: null,
    ...target,
  };
  const empty: Inventory = {
    app: hash,
    repository,
    path,
    name: whole.name,
    applied: null,
    pending: null,
    entries: new Map(),
    shards: new Map(),
  };
  const inventory = (): Inventory => world.inventories.get(hash) ?? empty;
  return {
    cluster,
    world,
    hash,
    namespace,
    followed,
    inventory,
    async deploy(files) {
      const snapshot = snapshotOf(path, files);
      const { sha } = snapshot;
      const desk = recordingForge();
      const input: DeployInput = {
        hash,
        key: { flow: "deploy", repository, path },
        digestKey,
        forge: desk.forge,
        head: {
          branch: "main",
          sha,
          frozen: false,
          tree: "",
          owner: "acme",
          webUrl: "https://github.example/acme/gitops",
        },
        target: allowed,
      };
      const landing = {
        sha,
        pull: 1,
        head: sha,
        mergedAt: null,
        verdict: "signed",
        at: null,
        decision: null,
      };
      const standing = { sha, landings: [landing], stopped: null, commits: 1, waiting: null };
      for (;;) {
        const plan = value(
          await planDeploy(world, {
            app: whole,
            hash,
            repository,
            snapshot,
            target: allowed,
            key: digestKey,
          }),
        );
        await world.live.follow(inventory(), digestKey);
        const rung = bell.next();
        const rolled = await rollOut(world, input, { app: whole, plan, standing, inventory: inventory() });
        const told = desk.told();
        const open = !rolled.ok || told.state === "in_progress";
        if (!open) return told;
        await Promise.race([rung, pause(500)]);
      }
    },
    async plan(before, after) {
      const sides = { before: snapshotOf(path, before), after: snapshotOf(path, after) };
      const about = { hash, app: whole, was: whole, repository, target: allowed, key: digestKey };
      return value(await planApp(world, { ...about, ...sides }));
    },
    async get({ namespace: inside = namespace, ...address }) {
      const found = await cluster.get({ ...address, namespace: inside });
      if (found.ok) return found.value;
      if (found.failure.code !== "not-found") throw new Error(found.failure.message);
      return null;
    },
    trouble(name) {
      const spec = { selector: { matchLabels: { app: name } } };
      const workload = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec };
      return world.live.trouble(hash, workload)?.text;
    },
    requests: () =>
      [...cluster.requests].reduce(
        (sum, [verb, count]) => sum + (["watch", "discover", "list"].includes(verb) ? 0 : count),
        0,
      ),
    async stop() {
      world.live.stop();
      await connected.close();
    },
  };
}

function snapshotOf(path: string, files: Readonly<Record<string, string>>): Snapshot {
  const sha = createHash("sha1").update(JSON.stringify(files)).digest("hex");
  const place = (name: string): string => (name.startsWith("/") ? name.slice(1) : `${path}/${name}`);
  const bytes = Object.entries(files).map(([name, text]) => [place(name), Buffer.from(text)] as const);
  return { sha, files: new Map(bytes), skipped: new Map() };
}

const log = { info: () => undefined, warn: () => undefined };

function createBell(): { ring(): void; next(): Promise<void> } {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    ring() {
      resolve();
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
    next: () => promise,
  };
}

/** GitHub as far as a deployment is told there, in memory. */
function recordingForge(): { forge: RepositoryForge; told(): Told } {
  const statuses: { state: string; description: string }[] = [];
  const comments: { id: number; body: string; ours: true; author: object }[] = [];
  const deployments: object[] = [];
  const forge = {
    deployments: {
      list: async () => ok(deployments),
      create: async (draft: object) => {
        const made = { ...draft, id: 1, createdAt: "" };
        deployments.push(made);
        return ok(made);
      },
      statuses: async () => ok(statuses.toReversed()),
      addStatus: async (_: number, status: { state: string; description: string }) => {
        statuses.push(status);
        return ok(undefined);
      },
    },
    // No plan is kept of these commits.
    pulls: { get: async () => fail("not-found", "not here") },
    issues: {
      comments: async () => ok(comments),
      comment: async (_: number, body: string) => {
        comments.push({ id: comments.length + 1, body, ours: true, author: {} });
        return ok(comments.at(-1));
      },
      updateComment: async (id: number, body: string) => {
        comments[id - 1] = { id, body, ours: true, author: {} };
        return ok(comments[id - 1]);
      },
    },
  } as unknown as RepositoryForge;
  const told = (): Told => ({
    state: statuses.at(-1)?.state,
    text: [...statuses.map(({ description }) => description), ...comments.map(({ body }) => body)].join("\n"),
  });
  return { forge, told };
}
