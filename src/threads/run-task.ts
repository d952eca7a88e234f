/** What runs in a thread: one task at a time, its values posted as they come. */

import { parentPort } from "node:worker_threads";
import type { Task } from "../ports/threads.ts";

// The parser of YAML looks at the environment for each token, which a thread has to ask of the process unless it has a copy.
process.env = { ...process.env };

/** What a thread is asked. */
export interface Asked {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
}

/** What it says: that the task begins, a value, that there are no more, or that the task broke off. */
export type Said =
  | { readonly began: true }
  | { readonly value: unknown }
  | { readonly end: true }
  | { readonly broken: string };

async function runTask({ module, name, input }: Asked, say: (said: Said) => void): Promise<void> {
  try {
    const exported = (await import(module)) as Record<string, Task<unknown, unknown>>;
    const task = exported[name];
    if (task === undefined) throw new Error(`${module} exports no ${name}`);
    say({ began: true });
    for (const value of task.run(input)) say({ value });
    say({ end: true });
  } catch (error) {
    say({ broken: error instanceof Error ? error.name : "an exception" });
  }
}

parentPort?.on("message", (asked: Asked) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin.
  void runTask(asked, (said) => parentPort?.postMessage(said));
});
