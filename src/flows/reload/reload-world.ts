/** What the reload flow is given beside the deploy world: its watches, and what spares it requests. */

import type { Contents } from "../../rollout/reload-contents.ts";
import type { Waiting } from "../../rollout/reload-decision.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { ReloadWatches } from "./reload-watches.ts";

/** Losing it costs requests, and the time that a change has already waited. */
export interface ReloadMemory {
  /** By namespace, what is used there: by `Secret/db`, digests by the key of that id. */
  readonly contents: Map<
    string,
    { readonly keyId: string; readonly contents: ReadonlyMap<string, Contents> }
  >;
  /** By workload. */
  readonly waiting: Map<string, Waiting>;
  /** What has been said of a workload already. */
  readonly said: Set<string>;
}

/** Counts since the start, by what happened. */
export type ReloadCounts = Record<"rolled" | "told" | "flapping" | "recorded" | "failed", number>;

export interface ReloadWorld extends DeployWorld {
  readonly watches: ReloadWatches;
  readonly reloads: ReloadMemory;
  readonly counts: ReloadCounts;
}

/** `namespaces` are globs. Stop its watches at shutdown. */
export function createReloadWorld(world: DeployWorld, namespaces: readonly string[]): ReloadWorld {
  return {
    ...world,
    watches: new ReloadWatches(world, namespaces),
    reloads: { contents: new Map(), waiting: new Map(), said: new Set() },
    counts: { rolled: 0, told: 0, flapping: 0, recorded: 0, failed: 0 },
  };
}
