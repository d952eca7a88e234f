/** A cluster, the real adapter and queue, and the reload flow at work in one namespace; its time can be moved. */

import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { type ConnectedCluster, connectCluster } from "../../../src/cluster/connect-cluster.ts";
import { createDeployWorld } from "../../../src/flows/deploy/deploy-world.ts";
import { type ReloadWorld, createReloadWorld } from "../../../src/flows/reload/reload-world.ts";
import { reload } from "../../../src/flows/reload/reload.ts";
import { ok } from "../../../src/model/failure.ts";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import { type MemoryQueue, createQueue } from "../../../src/queue/queue.ts";
import { hashAnnotation, observedAnnotation, workloadKinds } from "../../../src/rollout/reload-workload.ts";
import { valueAt } from "../../../src/rollout/json-path.ts";
import type { SandboxCluster } from "../../../src/sandbox/cluster.ts";
import { eventually } from "../rollout-world.ts";
import { value } from "../user-call.ts";

export const canary = "c4n4ry/v4lue+of a Secret";
export const auto = { "lockkeeper.dev/reload": "auto" };

export class Reloading {
  readonly cluster: ConnectedCluster;
  readonly namespace: string;
  /** The running flow; replaced by `start`. */
  world!: ReloadWorld;
  queue!: MemoryQueue;
  /** Every line of the log, of all lives. */
  readonly lines: string[] = [];
  readonly clock = { ahead: 0, now: () => new Date(Date.now() + this.clock.ahead * 1000) };
  readonly #globs: readonly string[];

  private constructor(cluster: ConnectedCluster, namespace: string, globs: readonly string[]) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.#globs = globs;
  }

  /** `globs` are where it is switched on: in its own namespace unless told. */
  static async open(sandbox: SandboxCluster, namespace: string, globs = [namespace]): Promise<Reloading> {
    const cluster = value(await connectCluster({ kubeconfigFile: sandbox.kubeconfig }));
    value(await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }));
    return new Reloading(cluster, namespace, globs);
  }

  start(): void {
    const write = (fields: object, message: string) =>
      void this.lines.push(JSON.stringify({ ...fields, message }));
    const log = { info: write, warn: write };
    const { cluster, clock } = this;
    this.queue = createQueue({
      run: async (key) => (key.flow === "reload" ? reload(this.world, key) : ok(undefined)),
      concurrency: 2,
      log,
    });
    const rest = { targets: [], queue: this.queue, log, clock, cluster } as unknown as ReloadWorld;
    this.world = createReloadWorld(
      createDeployWorld(rest, (bytes) => randomBytes(bytes)),
      this.#globs,
    );
    this.queue.start();
    this.queue.add({ flow: "reload", namespace: "" });
  }

  /** As after a kill: everything in memory is gone. */
  async kill(): Promise<void> {
    await this.queue.drain(10_000);
    this.world.watches.stop();
    this.world.live.stop();
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.cluster.close();
  }

  /** Time goes by, and the namespace is looked at. */
  pass(seconds: number): void {
    this.clock.ahead += seconds;
    this.look();
  }

  look(): void {
    this.queue.add({ flow: "reload", namespace: this.namespace });
  }

  /** As somebody with kubectl. */
  async apply(object: object): Promise<KubernetesObject> {
    const { metadata, ...rest } = object as KubernetesObject;
    const placed = { ...rest, metadata: { namespace: this.namespace, ...metadata } } as KubernetesObject;
    const options = { manager: "kubectl", force: true, dryRun: false, as: "self" } as const;
    return value(await this.cluster.apply(placed, options)).object;
  }

  configMap(name: string, data: object, annotations: object = {}): Promise<KubernetesObject> {
    return this.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, annotations }, data });
  }

  secret(name: string, data: Readonly<Record<string, string>>): Promise<KubernetesObject> {
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
    return this.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name },
      data: Object.fromEntries(encoded),
    });
  }

  async live(kind: string, name: string): Promise<KubernetesObject> {
    const known = workloadKinds.find((each) => each.kind === kind);
    const versions = known?.apiVersions ?? ["v1"];
    for (const apiVersion of versions) {
      const found = await this.cluster.get({ apiVersion, kind, namespace: this.namespace, name });
      if (found.ok) return found.value;
    }
    throw new Error(`no ${kind} ${name}`);
  }

  /** What stands on its pod template: another one for each rollout. */
  async hash(name: string, kind = "Deployment"): Promise<string | undefined> {
    const path = workloadKinds.find((each) => each.kind === kind)?.template ?? [];
    const live = await this.live(kind, name);
    return valueAt(live, ...path, "metadata", "annotations", hashAnnotation) as string | undefined;
  }

  async observed(name: string, kind = "Deployment"): Promise<string | undefined> {
    return (await this.live(kind, name)).metadata.annotations?.[observedAnnotation];
  }

  /** Waits until its configuration is on record. */
  async recorded(name: string, kind = "Deployment"): Promise<string> {
    return eventually(async () => {
      const observed = await this.observed(name, kind);
      expect(observed).toBeDefined();
      return observed!;
    });
  }

  /** Waits until the flow has compared a workload with this version of what it uses. */
  async seen({ kind, metadata }: KubernetesObject): Promise<void> {
    await eventually(() => {
      this.look();
      const contents = this.world.reloads.contents.get(this.namespace)?.contents;
      expect(contents?.get(`${kind}/${metadata.name}`)?.resourceVersion).toBe(metadata.resourceVersion);
    });
    await this.queue.idle();
  }

  /** Lets a change ripen that has been seen, and the flow do what it wants to. */
  async ripe(seconds = 61): Promise<void> {
    await this.queue.idle();
    this.pass(seconds);
    await this.queue.idle();
  }

  async rolled(name: string, before: string | undefined, kind = "Deployment"): Promise<string> {
    return eventually(async () => {
      const hash = await this.hash(name, kind);
      expect(hash).not.toBe(before);
      return hash!;
    });
  }

  /** What was told on the cluster, once all that is under way is done: an event follows the write that it tells of. */
  async events(): Promise<readonly KubernetesObject[]> {
    await this.queue.idle();
    const kind = value(await this.cluster.kind("v1", "Event"));
    const all = value(await this.cluster.list(kind, ""));
    const ours = ({ metadata, ...event }: KubernetesObject) =>
      metadata.namespace === this.namespace && valueAt(event, "source", "component") === "lockkeeper";
    return all.filter(ours).sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
  }
}

/** A Deployment without pods, so that nothing goes on beside. */
export function deployment(name: string, pod: object, annotations: object = auto): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, annotations },
    spec: { replicas: 0, selector: { matchLabels: { app: name } }, template: podTemplate(name, pod) },
  };
}

export function podTemplate(name: string, pod: object): object {
  return { metadata: { labels: { app: name } }, spec: pod };
}

/** One container that takes all its variables from these. */
export function container(more: object): object {
  return { containers: [{ name: "web", image: "registry.invalid/web:1", ...more }] };
}

export const allOf = (kind: "ConfigMap" | "Secret", name: string): object =>
  container({ envFrom: [{ [kind === "Secret" ? "secretRef" : "configMapRef"]: { name } }] });

export const keyOf = (kind: "ConfigMap" | "Secret", name: string, key: string): object =>
  container({
    env: [
      { name: "A", valueFrom: { [kind === "Secret" ? "secretKeyRef" : "configMapKeyRef"]: { name, key } } },
    ],
  });
