/** Follows the live objects of all apps by one watch per kind, and keeps of each only what tells whether it drifted. */

import type { Key } from "../../model/key.ts";
import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import type { Cluster, Watch, WatchEvent } from "../../ports/cluster.ts";
import type { Queue } from "../../ports/queue.ts";
import { additionsText } from "../../rollout/additions.ts";
import { appLabel } from "../../rollout/app-hash.ts";
import type { Health } from "../../rollout/health-states.ts";
import { healthOf } from "../../rollout/health.ts";
import type { Entry, Inventory } from "../../rollout/inventory.ts";
import { contentDigest, ownedDigest } from "../../rollout/owned-digest.ts";
import type { PodTrouble } from "../../rollout/pod-trouble.ts";
import { type PodWatches, createPodWatches } from "./pod-watch.ts";

export interface LiveSummary {
  readonly uid: string | undefined;
  readonly resourceVersion: string;
  readonly digest: string | null;
  /** Paths of what people have added by hand; mostly empty. */
  readonly added: string;
  /**
   * Of an object that has drifted, a digest of all but its status and records: whoever wrote a field owns it now, so that
   * `digest` does not tell what becomes of it. Otherwise empty.
   */
  readonly content: string;
  readonly health: Health;
}

export interface LiveIndex {
  /**
   * Compares the app's objects with this inventory from now on and watches their kinds. Every inventory there is must be
   * given before the first is awaited: what a watch delivers of an unknown app is dropped.
   */
  follow(inventory: Inventory, key: Uint8Array): Promise<void>;
  /** Takes the answer to a write of ours, so that nothing is judged by what was there before it. */
  observe(object: KubernetesObject): void;
  /** Null when the object is not there; undefined when that is not known (yet). */
  summary(app: string, entry: Entry): LiveSummary | null | undefined;
  /** Why the pods of a workload that is on its way do not come up, as far as that is known; null where nothing is. */
  trouble(app: string, workload: KubernetesObject): PodTrouble | null;
  /** Nothing of the app is on its way any more. */
  calm(app: string): void;
  stop(): void;
}

interface Followed {
  readonly inventory: Inventory;
  readonly key: Uint8Array;
  readonly objects: Map<string, LiveSummary>;
}

interface KindWatch {
  readonly watch: Watch;
  synced: boolean;
}

const kindOf = (object: {
  readonly apiVersion: string;
  readonly kind?: string;
  readonly id?: { kind: string };
}): string => `${object.apiVersion}/${object.kind ?? object.id?.kind ?? ""}`;

export function createLiveIndex(world: { readonly cluster: Cluster; readonly queue: Queue }): LiveIndex {
  return new Index(world.cluster, world.queue);
}

class Index implements LiveIndex {
  readonly #cluster: Cluster;
  readonly #queue: Queue;
  readonly #apps = new Map<string, Followed>();
  readonly #watches = new Map<string, KindWatch | "starting">();
  readonly #pods: PodWatches;
  #stopped = false;

  constructor(cluster: Cluster, queue: Queue) {
    this.#cluster = cluster;
    this.#queue = queue;
    this.#pods = createPodWatches(cluster, (app) => {
      const followed = this.#apps.get(app);
      if (followed !== undefined) this.#queue.add(deployKey(followed.inventory));
    });
  }

  async follow(inventory: Inventory, key: Uint8Array): Promise<void> {
    const objects = this.#apps.get(inventory.app)?.objects ?? new Map<string, LiveSummary>();
    this.#apps.set(inventory.app, { inventory, key, objects });
    const kinds = new Map([...inventory.entries.values()].map((entry) => [kindOf(entry), entry]));
    await Promise.all([...kinds].map(([kind, entry]) => this.#start(kind, entry)));
  }

  async #start(kind: string, { apiVersion, id }: Entry): Promise<void> {
    if (this.#watches.has(kind)) return;
    this.#watches.set(kind, "starting");
    const info = await this.#cluster.kind(apiVersion, id.kind);
    if (!info.ok || this.#stopped) {
      this.#watches.delete(kind);
      return;
    }
    const watch = this.#cluster.watch(info.value, appLabel, (event) => this.#take(kind, event));
    this.#watches.set(kind, { watch, synced: false });
  }

  #take(kind: string, event: WatchEvent): void {
    if (event.type === "synced") return this.#synced(kind);
    const text = resourceText(resourceId(event.object));
    const app = this.#apps.get(event.object.metadata.labels?.[appLabel] ?? "");
    if (app === undefined || !app.inventory.entries.has(text)) return this.#relabelled(text);
    const before = app.objects.get(text);
    if (event.type === "gone") {
      if (!app.objects.delete(text)) return;
      this.#queue.add(deployKey(app.inventory));
    } else if (before === undefined || !isOlder(event.object, before)) {
      const now = this.#record(app, text, event.object);
      if (now !== null && matters(before, now)) this.#queue.add(deployKey(app.inventory));
    }
  }

  /** An object that carries no label of its own app any more is as good as gone for that app. */
  #relabelled(text: string): void {
    for (const { inventory, objects } of this.#apps.values()) {
      if (objects.delete(text)) this.#queue.add(deployKey(inventory));
    }
  }

  /** The first complete listing decides what was missing while nobody looked. */
  #synced(kind: string): void {
    const watch = this.#watches.get(kind);
    if (watch === undefined || watch === "starting" || watch.synced) return;
    watch.synced = true;
    for (const { inventory } of this.#apps.values()) {
      const concerned = [...inventory.entries.values()].some((entry) => kindOf(entry) === kind);
      if (concerned) this.#queue.add(deployKey(inventory));
    }
  }

  #record(app: Followed, text: string, object: KubernetesObject): LiveSummary | null {
    const entry = app.inventory.entries.get(text);
    if (entry === undefined) return null;
    const { uid, resourceVersion } = object.metadata;
    const digest = ownedDigest(app.key, object, entry.ignored);
    const added = additionsText(object, entry.ignored);
    const isDrifted = digest !== entry.digest || uid !== entry.uid || added !== "";
    const content = isDrifted ? contentDigest(app.key, object) : "";
    const health = healthOf(object);
    const summary = { uid, resourceVersion: resourceVersion ?? "", digest, added, content, health };
    app.objects.set(text, summary);
    return summary;
  }

  observe(object: KubernetesObject): void {
    const app = this.#apps.get(object.metadata.labels?.[appLabel] ?? "");
    const text = resourceText(resourceId(object));
    const before = app?.objects.get(text);
    if (app !== undefined && (before === undefined || !isOlder(object, before)))
      this.#record(app, text, object);
  }

  summary(app: string, entry: Entry): LiveSummary | null | undefined {
    const found = this.#apps.get(app)?.objects.get(resourceText(entry.id));
    if (found !== undefined) return found;
    const watch = this.#watches.get(kindOf(entry));
    return watch !== undefined && watch !== "starting" && watch.synced ? null : undefined;
  }

  trouble(app: string, workload: KubernetesObject): PodTrouble | null {
    return this.#stopped ? null : this.#pods.trouble(app, workload);
  }

  calm(app: string): void {
    this.#pods.calm(app);
  }

  stop(): void {
    this.#stopped = true;
    this.#pods.stop();
    for (const watch of this.#watches.values()) if (watch !== "starting") watch.watch.stop();
    this.#watches.clear();
  }
}

/** Versions of one object grow; they are only compared where both are numbers. */
function isOlder(object: KubernetesObject, than: LiveSummary): boolean {
  const version = object.metadata.resourceVersion ?? "";
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than.resourceVersion)) return false;
  return object.metadata.uid === than.uid && BigInt(version) < BigInt(than.resourceVersion);
}

/** Whether an app has to be looked at: what drifts is news, and so is what is as it should be again. */
function matters(before: LiveSummary | undefined, now: LiveSummary): boolean {
  if (before === undefined) return true;
  const told = ["digest", "uid", "added", "content"] as const;
  return told.some((part) => before[part] !== now[part]) || before.health.state !== now.health.state;
}

export function deployKey({ repository, path }: Pick<Inventory, "repository" | "path">): Key {
  return { flow: "deploy", repository, path };
}
