/** Work beside the event loop, which nothing that others have written may stop. */

import type { Result } from "../model/failure.ts";

/**
 * A pure function of text that others have written, so that they decide how long it takes. A thread is given no function: it
 * imports the module and takes what is exported there. Input and values are plain data, without functions.
 */
export interface Task<I, O> {
  /** `import.meta.url` of the module that exports the task. */
  readonly module: string;
  /** The name under which it does. */
  readonly name: string;
  /** Value by value: the deadline is for each. */
  readonly run: (input: I) => Iterable<O>;
  /** Whether an input is done within a few milliseconds whatever it says, so that no thread is needed. */
  readonly isSmall?: (input: I) => boolean;
}

/**
 * Runs tasks where they can be cut off. `timeout` when a value took too long, `too-large` when the task needed too much memory,
 * `malformed` when it broke off, `cancelled` when we are shutting down; the message is a predicate: `took longer than 5 s`.
 */
export interface Threads {
  /** The first value of a task. */
  first<I, O>(task: Task<I, O>, input: I): Promise<Result<O>>;
  /** All values in order, each told as it comes. */
  each<I, O>(task: Task<I, O>, input: I, told: (value: O) => void): Promise<Result<void>>;
}
