/** What the deploy flow is given beside the world: the cluster's records and live objects, and what spares it requests. */

import { type Result, ok } from "../../model/failure.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { ObjectDrift } from "../../rollout/drift.ts";
import { EngineIndex } from "../gate/engine-index.ts";
import { type InventoryStore, createInventoryStore } from "./inventory-store.ts";
import type { Standing } from "../landing/standing.ts";
import { type LiveIndex, createLiveIndex } from "./live.ts";
import { type RepositoryPins, createRepositoryPins } from "./repository-pins.ts";
import { ensureNamespace, hashKey } from "./system-records.ts";
import type { World } from "../world.ts";

/** Answers that stay true while what they were asked for stays the same. Losing it costs requests, nothing else. */
export interface DeployMemory {
  /** By app: the newest signed commit, between which commits it was looked for, and until when that stands (milliseconds). */
  readonly standings: Map<
    string,
    { readonly asked: string; readonly until: number; readonly standing: Standing }
  >;
  /** By app without a record: the commit of its newest deployment, or null where there is none. */
  readonly recovered: Map<string, string | null>;
  /** When a landing that is not proven was first seen, milliseconds. */
  readonly unproven: Map<string, number>;
  /** By app: what its deployment and comments say. */
  readonly said: Map<string, string>;
  /** By kind and app: the open issue, or null when there is none. */
  readonly issues: Map<string, { readonly number: number; readonly text: string } | null>;
  /** By app and object: its drift, and at which live version and for which wish that was found. */
  readonly explained: Map<string, { readonly of: string; readonly drift: ObjectDrift }>;
  /** By app: the commit that did not become healthy and is proposed to be taken back. */
  readonly takenBack: Map<string, string>;
  /** By app and object: when it was applied again because it had drifted, within the last hour, milliseconds. */
  readonly healed: Map<string, readonly number[]>;
  /** By app and key of a finding: when it came, within the last hour, and what it says. */
  readonly came: Map<string, { readonly times: readonly number[]; readonly text: string }>;
  /** By app: when the text of its drift issue was changed, within the last hour. */
  readonly rewritten: Map<string, readonly number[]>;
  /** By app: what stands beside it in its namespaces, and when that was looked for, milliseconds. */
  readonly extras: Map<string, { readonly at: number; readonly found: readonly ObjectDrift[] }>;
  /** By app: how many objects differ from Git, and since when that is known, milliseconds. */
  readonly drifted: Map<string, { readonly name: string; readonly objects: number; readonly since: number }>;
  /** By app and object of another engine: for which commit it was asked to reconcile. */
  readonly asked: Map<string, string>;
}

export interface DeployWorld extends World {
  /** What flows that need no cluster are given: what is remembered of a dashboard is remembered once. */
  readonly shared: World;
  readonly cluster: Cluster;
  readonly inventories: InventoryStore;
  readonly pins: RepositoryPins;
  readonly live: LiveIndex;
  readonly engines: EngineIndex;
  readonly memory: DeployMemory;
  /** The key of all digests, once everything that the cluster records of us has been read. Asks again after a failure. */
  ready(): Promise<Result<Uint8Array>>;
  /** Forgets what was read of the cluster's records, because a write of ours may or may not have happened. */
  doubt(): void;
}

/** One for a process and cluster; `random` gives so many unpredictable bytes. Stop its live index and engines at shutdown. */
export function createDeployWorld(
  world: World & { readonly cluster: Cluster },
  random: (bytes: number) => Uint8Array,
): DeployWorld {
  const inventories = createInventoryStore(world.cluster);
  const pins = createRepositoryPins(world.cluster);
  const live = createLiveIndex(world);
  let reading: Promise<Result<Uint8Array>> | null = null;

  async function read(): Promise<Result<Uint8Array>> {
    const namespace = await ensureNamespace(world.cluster);
    if (!namespace.ok) return namespace;
    const [key, ...loaded] = await Promise.all([
      hashKey(world.cluster, random),
      inventories.load(),
      pins.load(),
    ]);
    const failed = loaded.find((result) => !result.ok);
    if (!key.ok || failed === undefined) {
      if (key.ok) await Promise.all(inventories.all().map((inventory) => live.follow(inventory, key.value)));
      return key;
    }
    return failed.ok ? ok(key.value) : failed;
  }

  async function ready(): Promise<Result<Uint8Array>> {
    reading ??= read();
    const result = await reading;
    if (!result.ok) reading = null;
    return result;
  }

  return {
    ...world,
    async repositoryIds() {
      const known = await ready();
      return known.ok ? ok((target) => pins.get(target)?.id) : known;
    },
    shared: world,
    inventories,
    pins,
    live,
    engines: new EngineIndex(world),
    memory: emptyMemory(),
    ready,
    doubt() {
      reading = null;
    },
  };
}

function emptyMemory(): DeployMemory {
  return {
    standings: new Map(),
    recovered: new Map(),
    unproven: new Map(),
    said: new Map(),
    issues: new Map(),
    explained: new Map(),
    takenBack: new Map(),
    healed: new Map(),
    came: new Map(),
    rewritten: new Map(),
    extras: new Map(),
    drifted: new Map(),
    asked: new Map(),
  };
}
