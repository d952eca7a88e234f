/** Reading and writing objects for whoever plays a part of the cluster. */

import { isDeepStrictEqual } from "node:util";
import type { AdminApi } from "../admin-api.ts";

export interface Live {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly uid: string; readonly kind: string }[];
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

export interface Desk {
  /** Everything of a resource that is not being deleted: `/apis/apps/v1`, `deployments`. */
  list(group: string, plural: string): Promise<Live[]>;
  create(group: string, plural: string, object: object & { metadata: { namespace: string } }): Promise<void>;
  remove(group: string, plural: string, object: Live): Promise<void>;
  /** Writes what differs in the status; a value of null takes the field away. Conditions are compared without times. */
  report(place: Place, object: Live, status: Readonly<Record<string, unknown>>): Promise<void>;
  /** Sets the replicas of a ReplicaSet. */
  scale(object: Live, replicas: number): Promise<void>;
}

export interface Place {
  readonly group: string;
  readonly plural: string;
  readonly manager: string;
}

const controller = "fieldManager=kube-controller-manager";
const mergePatch = "application/merge-patch+json";

export function openDesk(api: AdminApi): Desk {
  return {
    async list(group, plural) {
      const { body } = await api.call("GET", `${group}/${plural}`);
      const items = (body as { items?: Live[] }).items ?? [];
      return items.filter((item) => item.metadata.deletionTimestamp === undefined);
    },
    async create(group, plural, object) {
      const path = `${group}/namespaces/${object.metadata.namespace}/${plural}?${controller}`;
      await api.call("POST", path, object);
    },
    async remove(group, plural, object) {
      await api.call("DELETE", pathOf(group, plural, object), {
        preconditions: { uid: object.metadata.uid },
      });
    },
    async report({ group, plural, manager }, object, status) {
      const changed = Object.entries(status).filter(([key, value]) => differs(object.status?.[key], value));
      if (changed.length === 0) return;
      const path = `${pathOf(group, plural, object)}/status?fieldManager=${manager}`;
      await api.call("PATCH", path, { status: Object.fromEntries(changed) }, mergePatch);
    },
    async scale(object, replicas) {
      const path = `${pathOf("/apis/apps/v1", "replicasets", object)}?${controller}`;
      if (object.spec.replicas !== replicas)
        await api.call("PATCH", path, { spec: { replicas } }, mergePatch);
    },
  };
}

function pathOf(group: string, plural: string, { metadata }: Live): string {
  return `${group}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`;
}

const times = new Set([
  "lastTransitionTime",
  "lastUpdateTime",
  "lastProbeTime",
  "startedAt",
  "startTime",
  "completionTime",
]);

function differs(live: unknown, wanted: unknown): boolean {
  return !isDeepStrictEqual(timeless(live ?? null), timeless(wanted));
}

function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !times.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, timeless(part)]));
}
