/** The parts of the sandbox's GitHub that routes need, in one object that is passed around. */

import type { Answer } from "./answer.ts";
import type { Delivery } from "./delivery.ts";
import type { Git } from "./git/git.ts";
import type { Repository } from "./repository-state.ts";
import type { Store } from "./store.ts";

/** One call as the request log keeps it. */
export interface RequestRecord {
  readonly method: string;
  /** The route's template, or the path itself where none matched. */
  readonly route: string;
  readonly status: number;
  readonly actor: string;
}

/** One call with its answer as they were on the wire; a fault's silence and cutting are told, not shown. */
interface Exchange {
  readonly method: string;
  /** With its query, still encoded. */
  readonly path: string;
  /** The JSON that was sent; empty where there was none. */
  readonly requestBody: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly transport: Answer["transport"];
}

/**
 * Where faults hook in. Each wraps a step and decides whether, when and how often it runs; an answer's `transport` says
 * what is done to it on the wire.
 */
export interface Faults {
  request?: (
    request: { method: string; route: string; path: string },
    run: () => Promise<Answer>,
  ) => Promise<Answer>;
  delivery?: (delivery: Delivery, send: () => Promise<void>) => Promise<void>;
  /** The commit that a reader sees for a ref in place of the true one, for stale reads. */
  readRef?: (repository: Repository, ref: string, sha: string | undefined) => string | undefined;
}

export interface Hub {
  readonly store: Store;
  readonly git: (repository: Repository) => Git;
  readonly webhook: { url: string | null; readonly secret: string };
  readonly faults: Faults;
  /** Newest last, the last 10,000. */
  readonly requests: RequestRecord[];
  /** Told of every call before its answer leaves, so that tests can hold the answers against GitHub's descriptions. */
  readonly observers: ((exchange: Exchange) => void)[];
  /** Work that goes on after an answer: deliveries, merges being tried. `settle` waits for all of it. */
  readonly background: (work: Promise<unknown>) => void;
  readonly settle: () => Promise<void>;
}
