/** What is known of workloads and of the configuration that they use: names, versions and digests, never a value. */

import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import { type Marks, marksOf, wants, wishOf } from "../../rollout/reload-annotations.ts";
import { type Mounted, mountedOf } from "../../rollout/reload-contents.ts";
import { type ConfigKind, configText } from "../../rollout/reload-references.ts";
import { type Workload, workloadOf } from "../../rollout/reload-workload.ts";

/** A ConfigMap, Secret or SecretProviderClass, of which only the metadata was seen. */
export interface ConfigObject {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly resourceVersion: string;
  readonly marks: Marks;
}

export interface Tracked {
  readonly text: string;
  readonly workload: Workload;
  /** The version in which its template was seen to change last, or in which it was seen first; null when nobody looked. */
  readonly rolledAt: string | null;
}

/** One namespace. */
export interface Room {
  readonly workloads: Map<string, Tracked>;
  /** By `Secret/db`. */
  readonly objects: Map<string, ConfigObject>;
  /** By the name of what reports it. */
  readonly mounted: Map<string, Mounted>;
  /** Which workloads use an object, by `Secret/db`. */
  readonly users: Map<string, Set<string>>;
}

/** Every method that takes something answers whether a workload may have to be looked at for it. */
export class ReloadIndex {
  readonly #rooms = new Map<string, Room>();

  namespaces(): readonly string[] {
    return [...this.#rooms].filter(([, room]) => room.workloads.size > 0).map(([name]) => name);
  }

  room(namespace: string): Room {
    const known = this.#rooms.get(namespace);
    if (known !== undefined) return known;
    const room = { workloads: new Map(), objects: new Map(), mounted: new Map(), users: new Map() };
    this.#rooms.set(namespace, room);
    return room;
  }

  forget(namespace: string): void {
    this.#rooms.delete(namespace);
  }

  takeWorkload(object: KubernetesObject, listed: boolean): boolean {
    const room = this.room(object.metadata.namespace ?? "");
    const text = resourceText(resourceId(object));
    const before = room.workloads.get(text);
    const workload = workloadOf(object);
    if (workload === null) return this.dropWorkload(object);
    if (before !== undefined && isOlder(workload, before.workload)) return false;
    forgetUses(room, text, before);
    for (const reference of workload.references) {
      const used = configText(reference);
      room.users.set(used, (room.users.get(used) ?? new Set()).add(text));
    }
    room.workloads.set(text, { text, workload, rolledAt: rolledAt(before, workload, listed) });
    return before === undefined || appearance(before.workload) !== appearance(workload);
  }

  dropWorkload(object: KubernetesObject): boolean {
    const room = this.room(object.metadata.namespace ?? "");
    const text = resourceText(resourceId(object));
    forgetUses(room, text, room.workloads.get(text));
    room.workloads.delete(text);
    return false;
  }

  takeConfig(kind: ConfigKind, { metadata }: KubernetesObject): boolean {
    const { name, namespace = "", resourceVersion = "", annotations } = metadata;
    const room = this.room(namespace);
    const object = { kind, name, resourceVersion, marks: marksOf(annotations ?? {}) };
    const changed = room.objects.get(configText(object))?.resourceVersion !== resourceVersion;
    room.objects.set(configText(object), object);
    return changed && isUsed(room, kind, name);
  }

  dropConfig(kind: ConfigKind, { metadata }: KubernetesObject): boolean {
    this.room(metadata.namespace ?? "").objects.delete(configText({ kind, name: metadata.name }));
    // What is gone rolls nothing, and is compared when it comes back.
    return false;
  }

  takeMounted(object: KubernetesObject): boolean {
    const room = this.room(object.metadata.namespace ?? "");
    const mounted = mountedOf(object);
    if (mounted === null) return this.dropMounted(object);
    room.mounted.set(object.metadata.name, mounted);
    return isUsed(room, "SecretProviderClass", mounted.provider);
  }

  /** The pods that are left may agree now. */
  dropMounted({ metadata }: KubernetesObject): boolean {
    const room = this.room(metadata.namespace ?? "");
    const mounted = room.mounted.get(metadata.name);
    room.mounted.delete(metadata.name);
    return mounted !== undefined && isUsed(room, "SecretProviderClass", mounted.provider);
  }
}

function forgetUses(room: Room, text: string, before: Tracked | undefined): void {
  for (const reference of before?.workload.references ?? []) {
    const users = room.users.get(configText(reference));
    users?.delete(text);
    if (users?.size === 0) room.users.delete(configText(reference));
  }
}

function isUsed(room: Room, kind: ConfigKind, name: string): boolean {
  if (room.users.has(configText({ kind, name }))) return true;
  return [...room.workloads.values()].some(({ workload: { annotations, templateAnnotations } }) =>
    wants(wishOf(kind, annotations, templateAnnotations), name, false, { match: false, ignore: false }),
  );
}

/** Seen for the first time without a record of ours, or in an event of its own: then its version says when. */
function rolledAt(before: Tracked | undefined, workload: Workload, listed: boolean): string | null {
  if (before === undefined || before.workload.uid !== workload.uid) {
    return listed && workload.observed !== null ? null : workload.resourceVersion;
  }
  if (before.workload.template === workload.template) return before.rolledAt;
  return listed ? null : workload.resourceVersion;
}

function isOlder(one: Workload, than: Workload): boolean {
  return one.uid === than.uid && isBefore(one.resourceVersion, than.resourceVersion);
}

/** Everything that decides; versions and the progress of a rollout do not. */
function appearance(workload: Workload): string {
  const { uid, annotations, templateAnnotations, template, observed, hash } = workload;
  return JSON.stringify([uid, annotations, templateAnnotations, template, observed, hash]);
}

/** Versions are compared only where both are numbers, as all of one etcd are. */
export function isBefore(one: string | undefined, other: string | undefined): boolean {
  const numbers = [one, other].every((version) => /^\d+$/.test(version ?? ""));
  return numbers && BigInt(one ?? "") < BigInt(other ?? "");
}
