/** Watches what reloads follow from, in the namespaces where they are switched on and nowhere else. */

import { type Failure, type Result, ok } from "../../model/failure.ts";
import type { KindInfo, KubernetesObject } from "../../model/resource.ts";
import type { Watch, WatchEvent, WatchScope } from "../../ports/cluster.ts";
import { workloadKinds } from "../../rollout/reload-workload.ts";
import { isReloader } from "../../rollout/reloader-presence.ts";
import { matchesGlob } from "../../text/glob.ts";
import { ReloadIndex } from "./reload-index.ts";
import type { World } from "../world.ts";

/** Watches of a namespace, or of all under the name of none. */
interface Place {
  readonly watches: Map<string, Watch>;
  /** Kinds whose first listing has not come. */
  readonly missing: Set<string>;
}

interface Watched {
  readonly kind: string;
  readonly apiVersions: readonly string[];
  readonly metadataOnly?: boolean;
  readonly take: (index: ReloadIndex, object: KubernetesObject, listed: boolean) => boolean;
  readonly drop: (index: ReloadIndex, object: KubernetesObject) => boolean;
}

const secretStore = ["secrets-store.csi.x-k8s.io/v1"];

const config = (kind: "ConfigMap" | "Secret" | "SecretProviderClass", apiVersions: readonly string[]) => ({
  kind,
  apiVersions,
  metadataOnly: true,
  take: (index: ReloadIndex, object: KubernetesObject) => index.takeConfig(kind, object),
  drop: (index: ReloadIndex, object: KubernetesObject) => index.dropConfig(kind, object),
});

const watched: readonly Watched[] = [
  ...workloadKinds.map(({ kind, apiVersions }) => ({
    kind,
    apiVersions,
    take: (index: ReloadIndex, object: KubernetesObject, listed: boolean) =>
      index.takeWorkload(object, listed),
    drop: (index: ReloadIndex, object: KubernetesObject) => index.dropWorkload(object),
  })),
  config("ConfigMap", ["v1"]),
  config("Secret", ["v1"]),
  config("SecretProviderClass", secretStore),
  {
    kind: "SecretProviderClassPodStatus",
    apiVersions: secretStore,
    take: (index, object) => index.takeMounted(object),
    drop: (index, object) => index.dropMounted(object),
  },
];

/** Several events of one change are one look. */
const gatherSeconds = 1;
const everywhere = "";

export class ReloadWatches {
  readonly index = new ReloadIndex();
  readonly #world: Pick<World, "queue" | "log"> & { readonly cluster: NonNullable<World["cluster"]> };
  readonly #globs: readonly string[];
  readonly #places = new Map<string, Place>();
  readonly #told = new Set<string>();
  /** Deployments that are stakater/Reloader; null until they have been listed. */
  #reloaders: Set<string> | null = null;
  #general: readonly Watch[] = [];
  #stopped = false;

  constructor(
    world: Pick<World, "queue" | "log"> & { readonly cluster: NonNullable<World["cluster"]> },
    globs: readonly string[],
  ) {
    this.#world = world;
    this.#globs = globs;
  }

  /** Begins what is not watched yet, kinds that the cluster has got since among it, and has every namespace looked at. */
  async start(): Promise<Result<void>> {
    const general = await this.#startGeneral();
    if (!general.ok) return general;
    const named = this.#globs.includes("*")
      ? [everywhere]
      : this.#globs.filter((glob) => !/[*?[{]/.test(glob));
    for (const place of new Set([...named, ...this.#places.keys()])) {
      const opened = await this.#open(place);
      if (!opened.ok) return opened;
    }
    for (const namespace of this.index.namespaces()) this.#world.queue.add({ flow: "reload", namespace });
    return ok(undefined);
  }

  /** Whether everything in the namespace is known, so that what is not known is not there. */
  synced(namespace: string): boolean {
    const place = this.#places.get(everywhere) ?? this.#places.get(namespace);
    return place !== undefined && place.watches.size > 0 && place.missing.size === 0;
  }

  reloader(): "absent" | "running" | "unknown" {
    if (this.#reloaders === null) return "unknown";
    return this.#reloaders.size > 0 ? "running" : "absent";
  }

  stop(): void {
    this.#stopped = true;
    for (const watch of this.#general) watch.stop();
    for (const place of this.#places.keys()) this.#close(place);
  }

  async #startGeneral(): Promise<Result<void>> {
    if (this.#general.length > 0) return ok(undefined);
    const { cluster } = this.#world;
    const deployments = await cluster.kind("apps/v1", "Deployment");
    const namespaces = await cluster.kind("v1", "Namespace");
    if (!deployments.ok) return deployments;
    if (!namespaces.ok) return namespaces;
    if (this.#stopped || this.#general.length > 0) return ok(undefined);
    const found = new Set<string>();
    const scope = { onFailure: (failure: Failure) => this.#blindTo(found, failure) };
    const reloaders = cluster.watch(deployments.value, "", (event) => this.#look(found, event), scope);
    this.#general = [reloaders];
    if (this.#globs.includes("*") || !this.#globs.some((glob) => /[*?[{]/.test(glob))) return ok(undefined);
    const names: WatchScope = { metadataOnly: true, onFailure: (failure) => this.#tell("", failure) };
    this.#general = [reloaders, cluster.watch(namespaces.value, "", (event) => this.#appeared(event), names)];
    return ok(undefined);
  }

  #appeared(event: WatchEvent): void {
    if (event.type === "synced") return;
    const { name } = event.object.metadata;
    if (!matchesGlob(this.#globs, name)) return;
    if (event.type === "gone") this.#close(name);
    else if (!this.#places.has(name)) {
      this.#places.set(name, { watches: new Map(), missing: new Set() });
      this.#world.queue.add({ flow: "reload", namespace: everywhere });
    }
  }

  async #open(name: string): Promise<Result<void>> {
    const place = this.#places.get(name) ?? { watches: new Map<string, Watch>(), missing: new Set<string>() };
    this.#places.set(name, place);
    for (const each of watched) {
      if (place.watches.has(each.kind) || this.#stopped) continue;
      const info = await this.#served(each);
      if (!info.ok) return info;
      if (info.value === null || place.watches.has(each.kind) || this.#places.get(name) !== place) continue;
      place.missing.add(each.kind);
      const scope: WatchScope = {
        ...(name === everywhere ? {} : { namespace: name }),
        ...(each.metadataOnly === true ? { metadataOnly: true } : {}),
        onFailure: (failure) => this.#tell(name, failure),
      };
      const take = (event: WatchEvent) => this.#take(name, each, event);
      place.watches.set(each.kind, this.#world.cluster.watch(info.value, "", take, scope));
    }
    return ok(undefined);
  }

  /** Null where the cluster does not serve it. */
  async #served({ kind, apiVersions }: Watched): Promise<Result<KindInfo | null>> {
    for (const apiVersion of apiVersions) {
      const info = await this.#world.cluster.kind(apiVersion, kind);
      if (info.ok || info.failure.code !== "not-found") return info;
    }
    return ok(null);
  }

  #close(name: string): void {
    for (const watch of this.#places.get(name)?.watches.values() ?? []) watch.stop();
    this.#places.delete(name);
    this.index.forget(name);
  }

  #take(name: string, { kind, take, drop }: Watched, event: WatchEvent): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    if (event.type === "synced") {
      place.missing.delete(kind);
      const concerned = name === everywhere ? this.index.namespaces() : [name];
      if (place.missing.size > 0) return;
      for (const namespace of concerned) this.#world.queue.add({ flow: "reload", namespace });
      return;
    }
    const { object } = event;
    const matters =
      event.type === "gone" ? drop(this.index, object) : take(this.index, object, event.listed === true);
    const { namespace } = object.metadata;
    if (matters && place.missing.size === 0 && namespace !== undefined) {
      this.#world.queue.add({ flow: "reload", namespace }, gatherSeconds);
    }
  }

  #look(found: Set<string>, event: WatchEvent): void {
    const before = this.reloader();
    if (event.type !== "synced") {
      const { namespace, name } = event.object.metadata;
      const text = `${namespace}/${name}`;
      if (event.type === "present" && isReloader(event.object)) found.add(text);
      else found.delete(text);
    }
    if (event.type === "synced") this.#reloaders = found;
    const now = this.reloader();
    if (now === before) return;
    if (now === "running") {
      this.#world.log.warn({ reloader: [...found] }, "stakater/Reloader runs here: reloads are left to it");
    } else if (before === "running") this.#world.log.info({}, "stakater/Reloader is gone: reloads go on");
    for (const namespace of this.index.namespaces()) this.#world.queue.add({ flow: "reload", namespace });
  }

  /** Who may not look cannot know: then there is taken to be none, and that is said. */
  #blindTo(found: Set<string>, failure: Failure): void {
    this.#tell("", failure);
    if (failure.code !== "forbidden") return;
    this.#look(found, { type: "synced" });
  }

  #tell(place: string, { code, message }: Failure): void {
    const text = `${place} ${code} ${message}`;
    if (this.#told.has(text)) return;
    this.#told.add(text);
    const where = place === everywhere ? {} : { namespace: place };
    this.#world.log.warn({ ...where, code }, `reload cannot look: ${message}`);
  }
}
