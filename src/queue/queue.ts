/** The level-triggered work queue of one process, in memory. */

import type { Failure, Result } from "../model/failure.ts";
import { type Key, keyText } from "../model/key.ts";
import type { Queue } from "../ports/queue.ts";
import { backOffSeconds, maximumAttempts } from "./back-off.ts";

export interface QueueOptions {
  readonly run: (key: Key) => Promise<Result<void>>;
  /** Most jobs at one time. */
  readonly concurrency: number;
  /** 0 to 1; for the jitter of the back-off. */
  readonly random?: () => number;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
  /** Told of every job that ended. */
  readonly observe?: (job: FinishedJob) => void;
}

interface FinishedJob {
  readonly flow: Key["flow"];
  readonly outcome: "done" | "failed" | "bug";
  readonly seconds: number;
}

/** Keys by what they wait for: `ready` only for a free place, `delayed` for a time. */
interface QueueStats {
  readonly ready: number;
  readonly delayed: number;
  readonly running: number;
}

export interface MemoryQueue extends Queue {
  /** Begins to run jobs; keys added before have waited. */
  start(): void;
  /** Takes nothing more, drops what waits, and answers whether all running jobs ended within the deadline. */
  drain(deadlineMs: number): Promise<boolean>;
  /** Resolves once nothing runs and nothing is ready to run; delayed keys do not count. */
  idle(): Promise<void>;
  stats(): QueueStats;
}

/** What is known of a key that waits or runs; a key without an entry has nothing to do. */
interface Entry {
  readonly key: Key;
  state: "ready" | "delayed" | "running";
  failures: number;
  /** While delayed: what wakes it, when (milliseconds), and whether an event may bring it forward. */
  timer?: NodeJS.Timeout;
  due: number;
  held: boolean;
  /** While running: seconds after which to run once more, when it was put on again meanwhile. */
  again?: number;
}

/** The queue of `src/ports/queue.ts`; a key that fails too often in a row is dropped with a warning. */
export function createQueue(options: QueueOptions): MemoryQueue {
  return new Work(options);
}

class Work implements MemoryQueue {
  readonly #options: QueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #ready: Entry[] = [];
  #running = 0;
  #state: "new" | "started" | "stopped" = "new";
  #idlers: (() => void)[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#state === "new") this.#state = "started";
    this.#fill();
  }

  add(key: Key, afterSeconds = 0): void {
    if (this.#state === "stopped") return;
    const text = keyText(key);
    const entry = this.#entries.get(text);
    if (entry === undefined) {
      const fresh: Entry = { key, state: "delayed", failures: 0, due: Infinity, held: false };
      this.#entries.set(text, fresh);
      this.#schedule(fresh, afterSeconds);
    } else if (entry.state === "running") {
      entry.again = Math.min(entry.again ?? Infinity, afterSeconds);
    } else if (entry.state === "delayed" && !entry.held && Date.now() + afterSeconds * 1000 < entry.due) {
      this.#schedule(entry, afterSeconds);
    }
  }

  stats(): QueueStats {
    const delayed = this.#entries.size - this.#ready.length - this.#running;
    return { ready: this.#ready.length, delayed, running: this.#running };
  }

  idle(): Promise<void> {
    if (this.#running === 0 && this.#ready.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  async drain(deadlineMs: number): Promise<boolean> {
    this.#state = "stopped";
    this.#ready.length = 0;
    for (const [text, entry] of this.#entries) {
      clearTimeout(entry.timer);
      if (entry.state !== "running") this.#entries.delete(text);
    }
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<boolean>(
      (resolve) => (timer = setTimeout(() => resolve(false), deadlineMs)),
    );
    const ended = await Promise.race([this.idle().then(() => true), deadline]);
    clearTimeout(timer);
    return ended;
  }

  #schedule(entry: Entry, afterSeconds: number): void {
    clearTimeout(entry.timer);
    if (afterSeconds > 0) {
      entry.state = "delayed";
      entry.due = Date.now() + afterSeconds * 1000;
      entry.timer = setTimeout(() => this.#schedule(entry, 0), afterSeconds * 1000);
      return;
    }
    Object.assign(entry, { state: "ready", held: false });
    this.#ready.push(entry);
    this.#fill();
  }

  #fill(): void {
    while (this.#state === "started" && this.#running < this.#options.concurrency) {
      const entry = this.#ready.shift();
      if (entry === undefined) break;
      this.#running += 1;
      entry.state = "running";
      void this.#work(entry);
    }
    if (this.#running > 0 || this.#ready.length > 0) return;
    for (const idler of this.#idlers.splice(0)) idler();
  }

  async #work(entry: Entry): Promise<void> {
    const began = performance.now();
    const outcome = await this.#attempt(entry);
    this.#running -= 1;
    const seconds = (performance.now() - began) / 1000;
    this.#options.observe?.({ flow: entry.key.flow, outcome, seconds });
    this.#settle(entry);
    this.#fill();
  }

  /** Runs the job once; what it throws is a bug, which is told and then treated as a failure. */
  async #attempt(entry: Entry): Promise<FinishedJob["outcome"]> {
    const key = keyText(entry.key);
    try {
      const result = await this.#options.run(entry.key);
      if (result.ok) return this.#note(entry, null, "done");
      const { code, message } = result.failure;
      if (code !== "cancelled") this.#options.log.warn({ key, code }, message);
      return this.#note(entry, result.failure, "failed");
    } catch (bug) {
      const stack = bug instanceof Error ? bug.stack : String(bug);
      this.#options.log.warn({ key, bug: true, stack }, "a job broke: this is a bug in Lockkeeper");
      return this.#note(entry, null, "bug");
    }
  }

  /** Writes down how the attempt ended: when to come back, and whether events may hasten it. */
  #note(entry: Entry, failure: Failure | null, outcome: FinishedJob["outcome"]): FinishedJob["outcome"] {
    if (outcome === "done") {
      entry.failures = 0;
      return outcome;
    }
    entry.failures += 1;
    entry.held = failure?.code === "rate-limited";
    entry.again = backOffSeconds(entry.failures, failure, (this.#options.random ?? Math.random)());
    return outcome;
  }

  #settle(entry: Entry): void {
    const text = keyText(entry.key);
    const { again } = entry;
    entry.again = undefined;
    if (this.#state === "stopped" || again === undefined) {
      this.#entries.delete(text);
    } else if (entry.failures >= maximumAttempts) {
      this.#options.log.warn(
        { key: text, attempts: entry.failures },
        "gave up until the next event or resync",
      );
      this.#entries.delete(text);
    } else {
      this.#schedule(entry, again);
    }
  }
}
