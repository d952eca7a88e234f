/** Runs tasks in a few threads, which are started when one is needed and ended when none is. */

import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Task, Threads } from "../ports/threads.ts";
import { Thread, type ThreadLimits, othersGone } from "./thread.ts";

export interface ThreadOptions extends ThreadLimits {
  /** Threads at one time; others wait for their turn in the order in which they came. */
  readonly atOnce: number;
  /** After so long without a task a thread is ended, as it holds some 40 MiB. */
  readonly idleMs: number;
}

export interface OwnThreads extends Threads {
  /** Cuts off what runs. */
  close(): void;
}

/** What a file within the limits needs is far below. */
const usual: ThreadOptions = {
  atOnce: Math.min(2, availableParallelism()),
  deadlineMs: 5000,
  memoryMiB: 256,
  idleMs: 500,
};

export function createThreads(options: Partial<ThreadOptions> = {}): OwnThreads {
  return new Pool({ ...usual, ...options });
}

class Pool implements OwnThreads {
  readonly #options: ThreadOptions;
  readonly #threads = new Set<Thread>();
  readonly #idle = new Map<Thread, NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #closed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  async first<I, O>(task: Task<I, O>, input: I): Promise<Result<O>> {
    const values: O[] = [];
    const ended = await this.each(task, input, (value) => void values.push(value));
    const [value] = values;
    if (!ended.ok) return ended;
    return value === undefined ? fail("malformed", "answered nothing") : ok(value);
  }

  async each<I, O>(task: Task<I, O>, input: I, told: (value: O) => void): Promise<Result<void>> {
    if (task.isSmall?.(input) === true) {
      await setImmediate();
      for (const value of task.run(input)) told(value);
      return ok(undefined);
    }
    await this.#turn();
    const thread = await this.#take();
    if (thread === null) return fail("cancelled", "was cut off: Lockkeeper is shutting down");
    try {
      return await thread.run(task, input, told);
    } finally {
      this.#giveBack(thread);
    }
  }

  close(): void {
    this.#closed = true;
    for (const thread of this.#threads) thread.end();
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Waits where as many run as may. */
  async #turn(): Promise<void> {
    if (this.#busy < this.#options.atOnce) this.#busy += 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
  }

  /** Null where nothing is begun any more. */
  async #take(): Promise<Thread | null> {
    for (const [thread, timer] of this.#idle) {
      this.#idle.delete(thread);
      clearTimeout(timer);
      if (thread.alive) return thread;
    }
    await othersGone();
    if (this.#closed) return null;
    const thread = new Thread(this.#options);
    this.#threads.add(thread);
    return thread;
  }

  #giveBack(thread: Thread): void {
    if (thread.alive) {
      const timer = setTimeout(() => this.#discard(thread), this.#options.idleMs);
      this.#idle.set(thread, timer.unref());
    } else this.#discard(thread);
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  #discard(thread: Thread): void {
    this.#idle.delete(thread);
    this.#threads.delete(thread);
    thread.end();
  }
}
