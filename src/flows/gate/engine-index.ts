/** Follows the objects of Flux and Argo CD by one watch per kind, and has the apps looked at that wait for them. */

import type { Engine } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import type { Cluster, Watch, WatchEvent } from "../../ports/cluster.ts";
import type { Queue } from "../../ports/queue.ts";
import { argocd } from "../../rollout/argo-engine.ts";
import type { EngineReader } from "../../rollout/engine.ts";
import { flux } from "../../rollout/flux-engine.ts";
import { valueAt } from "../../rollout/json-path.ts";

export type OtherEngine = Exclude<Engine, "own">;

export const readers: Readonly<Record<OtherEngine, EngineReader>> = { flux, argocd };

/** `absent`: the cluster serves a kind of the engine's in no version. `unread`: the first listing has not come. */
export type EngineObjects = readonly KubernetesObject[] | "absent" | "unread";

interface KindWatch {
  readonly watch: Watch;
  readonly objects: Map<string, KubernetesObject>;
  synced: boolean;
}

/** Several events of one change are one look. */
const gatherSeconds = 1;

export class EngineIndex {
  readonly #cluster: Cluster;
  readonly #queue: Queue;
  readonly #watches = new Map<string, KindWatch>();
  /** By engine: the keys of the apps that it applies. */
  readonly #apps = new Map<OtherEngine, Map<string, Key>>();
  #stopped = false;

  constructor(world: { readonly cluster: Cluster; readonly queue: Queue }) {
    this.#cluster = world.cluster;
    this.#queue = world.queue;
  }

  /** All objects of an engine; from now on the app is looked at when one of them changes. */
  async objects(engine: OtherEngine, app: string, key: Key): Promise<Result<EngineObjects>> {
    const apps = this.#apps.get(engine) ?? new Map<string, Key>();
    this.#apps.set(engine, apps.set(app, key));
    const found: KindWatch[] = [];
    for (const { kind, apiVersions } of readers[engine].kinds) {
      const watch = await this.#open(engine, kind, apiVersions);
      if (!watch.ok) return watch;
      if (watch.value === null) return ok("absent");
      found.push(watch.value);
    }
    if (found.some(({ synced }) => !synced)) return ok("unread");
    return ok(found.flatMap(({ objects }) => [...objects.values()]));
  }

  /** Null where the kind is not served. */
  async #open(
    engine: OtherEngine,
    kind: string,
    apiVersions: readonly string[],
  ): Promise<Result<KindWatch | null>> {
    for (const apiVersion of apiVersions) {
      const info = await this.#cluster.kind(apiVersion, kind);
      if (!info.ok && info.failure.code !== "not-found") return info;
      if (!info.ok) continue;
      const known = this.#watches.get(kind);
      if (known !== undefined || this.#stopped) return ok(known ?? null);
      const objects = new Map<string, KubernetesObject>();
      const watch = this.#cluster.watch(info.value, "", (event) => this.#take(engine, kind, event));
      const opened = { watch, objects, synced: false };
      this.#watches.set(kind, opened);
      return ok(opened);
    }
    return ok(null);
  }

  #take(engine: OtherEngine, kind: string, event: WatchEvent): void {
    const at = this.#watches.get(kind);
    if (at === undefined) return;
    if (event.type === "synced") at.synced = true;
    else {
      const text = resourceText(resourceId(event.object));
      const before = at.objects.get(text);
      if (event.type === "gone") at.objects.delete(text);
      else at.objects.set(text, event.object);
      if (event.type === "present" && before !== undefined && told(before) === told(event.object)) return;
    }
    if (!at.synced) return;
    for (const key of this.#apps.get(engine)?.values() ?? []) this.#queue.add(key, gatherSeconds);
  }

  stop(): void {
    this.#stopped = true;
    for (const { watch } of this.#watches.values()) watch.stop();
    this.#watches.clear();
  }
}

/** What matters of an object: not when it was last looked at, which changes every minute. */
function told(object: KubernetesObject): string {
  const status = (...keys: readonly string[]): unknown => valueAt(object, "status", ...keys);
  const conditions = status("conditions");
  return JSON.stringify([
    object["spec"],
    status("lastAppliedRevision"),
    status("lastAttemptedRevision"),
    status("sync", "status"),
    status("sync", "revision"),
    status("sync", "revisions"),
    status("health"),
    status("operationState", "phase"),
    Array.isArray(conditions)
      ? conditions.map((each) => ["type", "status", "reason", "message"].map((key) => valueAt(each, key)))
      : null,
  ]);
}
