/** What we have put into the cluster for an app, and how far it has come: the record from which prune and drift follow. */

import { type Result, fail, ok } from "../model/failure.ts";
import { type Action, type ResourceId, resourceText } from "../model/resource.ts";
import type { Pause } from "./pause.ts";

/** One object that we have applied, or are about to. */
export interface Entry {
  readonly id: ResourceId;
  readonly apiVersion: string;
  /** Null until the first apply was answered: it may or may not exist. */
  readonly uid: string | null;
  /** Keyed hash of the normalised manifest that was applied last. */
  readonly desired: string | null;
  /** Keyed hash of what we own, as applied. */
  readonly digest: string | null;
  readonly resourceVersion: string | null;
  /** Paths that are no drift. */
  readonly ignored: readonly string[];
  /** Where Git says so. */
  readonly file: string;
  readonly line: number;
}

/** A merged pull request on the way into the cluster. */
export interface LandedPull {
  readonly number: number;
  readonly sha: string;
  readonly mergedAt: string | null;
}

/** How one change of the default branch was proven. */
export interface LandingRecord {
  readonly sha: string;
  /** Number of the pull request through which it came; null without one. */
  readonly pull: number | null;
  /** The head that was signed off; null where people have accepted what landed instead. */
  readonly head: string | null;
  readonly mergedAt: string | null;
  /** One sentence: who has signed it off. */
  readonly verdict: string;
  /** When that was concluded. */
  readonly at: string | null;
  /** What it was concluded from, as the check has it; null where nothing keeps that. */
  readonly decision: Readonly<Record<string, unknown>> | null;
}

/** A commit on its way; kept until everything that people see of it has been written. Times are ISO 8601. */
export interface Pending {
  readonly sha: string;
  readonly pulls: readonly LandedPull[];
  /** Absent in records of earlier versions. */
  readonly landings?: readonly LandingRecord[];
  /** When it was first looked at. */
  readonly since: string;
  readonly firstAppliedAt: string | null;
  /** When the last object was answered: the health deadline counts from here. */
  readonly appliedAt: string | null;
  readonly healthyAt: string | null;
  /** By object; failed ones with a reason that holds no value of a Secret. */
  readonly results: Readonly<Record<string, { readonly action: Action; readonly reason?: string }>>;
}

/** The commit of the newest change that is on its way; undefined where nothing of the app's has changed. */
export function newestChange({ pulls, landings }: Pending): string | undefined {
  return (landings ?? pulls).at(-1)?.sha;
}

export interface Inventory {
  /** The app's hash. */
  readonly app: string;
  readonly repository: {
    readonly id: number;
    readonly owner: string;
    readonly name: string;
    readonly installation: number;
  };
  readonly path: string;
  /** The app's name when it was last applied. */
  readonly name: string;
  /** The commit that the objects come from; null before the first. Landings up to it are proven. */
  readonly applied: string | null;
  readonly pending: Pending | null;
  /** What was said last of a pause, also where that is over. */
  readonly pause?: Pause;
  /** In mode gate: another engine applies what a branch stands at. Then `applied` is where the branch was put. */
  readonly gated?: true;
  /** Objects beside these, in their namespaces, are looked for. */
  readonly extras?: true;
  readonly entries: ReadonlyMap<string, Entry>;
  /** In which shard an entry is kept; one without is put where there is room. */
  readonly shards: ReadonlyMap<string, number>;
}

/** Entries of one shard: at about 300 bytes each, far from the 1 MiB that an object may have. */
export const shardSize = 1_500;

const headerKey = "app.json";
const entriesKey = "objects.json";

/** The data of a ConfigMap. */
export type ShardData = Readonly<Record<string, string>>;

/**
 * An entry never moves between shards, so shards can be written one after the other and a crash between them loses none.
 * Shard 0 carries the header.
 */
export function encodeInventory(inventory: Inventory): readonly ShardData[] {
  const shards: (Entry[] | undefined)[] = [[]];
  const unplaced: Entry[] = [];
  for (const [text, entry] of inventory.entries) {
    const shard = inventory.shards.get(text);
    if (shard === undefined) unplaced.push(entry);
    else (shards[shard] ??= []).push(entry);
  }
  let shard = 0;
  for (const entry of unplaced) {
    while ((shards[shard] ??= []).length >= shardSize) shard++;
    shards[shard]?.push(entry);
  }
  const { entries: _, shards: __, ...header } = inventory;
  return Array.from(shards, (entries = [], index) => ({
    ...(index === 0 ? { [headerKey]: JSON.stringify(header) } : {}),
    [entriesKey]: `[${entries.map((entry) => JSON.stringify(entry)).join(",\n")}]`,
  }));
}

/** `malformed` when a shard is not what `encodeInventory` wrote: nothing may be applied or pruned from a guess. */
export function decodeInventory(shards: readonly ShardData[]): Result<Inventory> {
  try {
    const header = JSON.parse(shards[0]?.[headerKey] ?? "") as Omit<Inventory, "entries" | "shards">;
    const entries = new Map<string, Entry>();
    const places = new Map<string, number>();
    for (const [index, data] of shards.entries()) {
      for (const entry of JSON.parse(data[entriesKey] ?? "[]") as readonly Entry[]) {
        entries.set(resourceText(entry.id), entry);
        places.set(resourceText(entry.id), index);
      }
    }
    return ok({ ...header, entries, shards: places });
  } catch (cause) {
    return fail("malformed", "an inventory in the cluster cannot be read; restore it or delete it", {
      cause,
    });
  }
}

/**
 * What has to be on record before the first write of a commit: everything that was there and everything that will be, so
 * that nothing that we create can be lost by a crash.
 */
export function writeAhead(inventory: Inventory, desired: readonly Entry[], pending: Pending): Inventory {
  const entries = new Map(inventory.entries);
  for (const entry of desired) {
    const text = resourceText(entry.id);
    if (!entries.has(text)) entries.set(text, entry);
  }
  return { ...inventory, entries, pending };
}
