/** What a flow is given: the outside systems behind their ports, and nothing global. */

import type { Target } from "../config/config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Forge } from "../ports/forge.ts";
import type { Queue } from "../ports/queue.ts";
import type { Registry } from "../ports/registry.ts";
import type { Renderer } from "../ports/renderer.ts";
import type { Result } from "../model/failure.ts";
import type { Threads } from "../ports/threads.ts";

/** Structured log: ids, codes and durations, never bodies. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Undefined for a target whose repository was not seen yet. */
export type RepositoryIds = (target: Target) => number | undefined;

export interface World {
  readonly forge: Forge;
  readonly registry: Registry;
  readonly renderer: Renderer;
  /** Null where Lockkeeper runs without a cluster of its own: nothing is applied then. */
  readonly cluster: Cluster | null;
  /** What the cluster side lets each repository touch. */
  readonly targets: readonly Target[];
  /** The id of the repository that each target was tied to at first sight; absent where no cluster remembers it. */
  readonly repositoryIds?: () => Promise<Result<RepositoryIds>>;
  readonly queue: Queue;
  /** For text that others have written: reading it may take long. */
  readonly threads: Threads;
  readonly clock: Clock;
  readonly log: Log;
}
