/** One thread: runs a task, and is ended where a value of it takes too long. */

import { Worker } from "node:worker_threads";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Task } from "../ports/threads.ts";
import type { Said } from "./run-task.ts";

export interface ThreadLimits {
  /** For each value, and for the end after the last. */
  readonly deadlineMs: number;
  readonly memoryMiB: number;
}

/** To start the thread and import the task, which no text of others makes longer. */
const startMs = 30_000;

const ending = new Set<Promise<unknown>>();

/**
 * Resolves once no thread is on its way out: one that begins meanwhile can take the whole process down with it.
 * https://github.com/nodejs/node/issues/56312
 */
export async function othersGone(): Promise<void> {
  while (ending.size > 0) await Promise.all(ending);
}

/** A thread in use keeps the process alive, an idle one does not. */
export class Thread {
  readonly #worker: Worker;
  readonly #limits: ThreadLimits;
  /** Ends what is under way; null while idle. */
  #settle: ((result: Result<void>) => void) | null = null;
  #alive = true;

  constructor(limits: ThreadLimits) {
    this.#limits = limits;
    this.#worker = new Worker(new URL("./run-task.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMiB },
    });
    this.#worker.unref();
    this.#worker.on("error", (error) => this.#lost(error));
    this.#worker.on("exit", () => this.#lost(null));
  }

  /** False once it was ended: it takes no task any more. */
  get alive(): boolean {
    return this.#alive;
  }

  /** One task at a time. */
  async run<I, O>({ module, name }: Task<I, O>, input: I, told: (value: O) => void): Promise<Result<void>> {
    const { deadlineMs } = this.#limits;
    const worker = this.#worker;
    const late = (): void => this.end(fail("timeout", `took longer than ${deadlineMs / 1000} s`));
    let timer = setTimeout(late, Math.max(startMs, deadlineMs));
    const listen = (said: Said): void => {
      clearTimeout(timer);
      if ("end" in said) this.#settle?.(ok(undefined));
      else if ("broken" in said) this.#settle?.(fail("malformed", `broke off (${said.broken})`));
      else {
        timer = setTimeout(late, deadlineMs);
        if ("value" in said) told(said.value as O);
      }
    };
    worker.ref();
    worker.on("message", listen);
    const result = await new Promise<Result<void>>((settle) => {
      this.#settle = settle;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin.
      worker.postMessage({ module, name, input });
    });
    this.#settle = null;
    clearTimeout(timer);
    worker.off("message", listen);
    worker.unref();
    return result;
  }

  /** Whatever runs is cut off with this result. */
  end(result: Result<void> = fail("cancelled", "was cut off: Lockkeeper is shutting down")): void {
    this.#alive = false;
    this.#settle?.(result);
    const gone = this.#worker.terminate();
    ending.add(gone);
    void gone.finally(() => ending.delete(gone));
  }

  /** It ended by itself: for want of memory, or by a bug. */
  #lost(error: Error | null): void {
    this.#alive = false;
    const outOfMemory = error !== null && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    this.#settle?.(
      outOfMemory
        ? fail("too-large", `needed more than ${this.#limits.memoryMiB} MiB of memory`)
        : fail("malformed", `broke off (${error?.name ?? "the thread ended"})`),
    );
  }
}
