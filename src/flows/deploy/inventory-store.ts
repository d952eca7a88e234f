/** Keeps the inventories of all apps in the cluster, and what was read of them in memory. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { KubernetesObject } from "../../model/resource.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { isRecord } from "../../rollout/json-path.ts";
import { type Inventory, type ShardData, decodeInventory, encodeInventory } from "../../rollout/inventory.ts";
import { listRecords, writeRecord } from "./system-records.ts";

export interface InventoryStore {
  /** Reads everything anew. */
  load(): Promise<Result<void>>;
  get(app: string): Inventory | undefined;
  all(): readonly Inventory[];
  /**
   * Writes the shards that differ, each guarded by its resourceVersion, and answers the inventory as it is kept now. After
   * any failure what is in the cluster is unknown: load again before going on.
   */
  save(inventory: Inventory): Promise<Result<Inventory>>;
}

interface Stored {
  readonly inventory: Inventory;
  readonly shards: readonly { readonly data: ShardData; readonly resourceVersion: string | undefined }[];
}

const appOfRecord = "lockkeeper.dev/inventory";
const nameOf = (app: string, shard: number): string => `lockkeeper-inventory-${app}-${shard}`;

export function createInventoryStore(cluster: Cluster): InventoryStore {
  const stored = new Map<string, Stored>();
  return {
    async load() {
      const listed = await listRecords(cluster, "inventory");
      if (!listed.ok) return listed;
      const read = readAll(listed.value);
      if (!read.ok) return read;
      stored.clear();
      for (const each of read.value) stored.set(each.inventory.app, each);
      return ok(undefined);
    },
    get: (app) => stored.get(app)?.inventory,
    all: () => [...stored.values()].map((each) => each.inventory),
    async save(inventory) {
      const saved = await saveShards(cluster, inventory, stored.get(inventory.app));
      if (!saved.ok) return saved;
      stored.set(inventory.app, saved.value);
      return ok(saved.value.inventory);
    },
  };
}

/** Puts the shards of each app together; a missing one makes the whole listing unusable rather than the inventory smaller. */
function readAll(objects: readonly KubernetesObject[]): Result<readonly Stored[]> {
  const shards = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const app = object.metadata.labels?.[appOfRecord] ?? "";
    const shard = Number(object.metadata.name.slice(nameOf(app, 0).length - 1));
    if (!shards.has(app)) shards.set(app, []);
    const list = shards.get(app);
    if (list !== undefined && object.metadata.name === nameOf(app, shard)) list[shard] = object;
  }
  const all: Stored[] = [];
  for (const [app, list] of shards) {
    if (Object.keys(list).length !== list.length || list.length === 0) {
      return fail(
        "malformed",
        `the inventory ${app} has lost one of its ConfigMaps; restore it or delete them all`,
      );
    }
    const kept = list.map((object) => ({
      data: dataOf(object),
      resourceVersion: object.metadata.resourceVersion,
    }));
    const inventory = decodeInventory(kept.map((shard) => shard.data));
    if (!inventory.ok) return inventory;
    all.push({ inventory: inventory.value, shards: kept });
  }
  return ok(all);
}

function dataOf(object: KubernetesObject): ShardData {
  return isRecord(object["data"]) ? (object["data"] as ShardData) : {};
}

async function saveShards(
  cluster: Cluster,
  inventory: Inventory,
  before: Stored | undefined,
): Promise<Result<Stored>> {
  const encoded = encodeInventory(inventory);
  const shards: Stored["shards"][number][] = [];
  for (const [index, data] of encoded.entries()) {
    const known = before?.shards[index];
    if (known !== undefined && JSON.stringify(known.data) === JSON.stringify(data)) {
      shards.push(known);
      continue;
    }
    const record = {
      name: nameOf(inventory.app, index),
      sort: "inventory",
      labels: { [appOfRecord]: inventory.app },
    };
    const written = await writeRecord(cluster, record, data, known?.resourceVersion);
    if (!written.ok) return written;
    shards.push({ data, resourceVersion: written.value.metadata.resourceVersion });
  }
  const kept = decodeInventory(encoded);
  return kept.ok ? ok({ inventory: kept.value, shards }) : kept;
}
