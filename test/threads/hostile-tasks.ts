/** Tasks that misbehave as the text of others can make them. */

import { threadId } from "node:worker_threads";
import type { Task } from "../../src/ports/threads.ts";

const module = import.meta.url;

/** Says on which thread it ran. */
export const whichThread: Task<{ readonly small: boolean }, number> = {
  module,
  name: "whichThread",
  isSmall: ({ small }) => small,
  run: () => [threadId],
};

/** Counts up to a number, then never ends. */
export const neverEnds: Task<number, number> = {
  module,
  name: "neverEnds",
  *run(values) {
    for (let value = 0; value < values; value += 1) yield value;
    for (;;);
  },
};

export const takesAllMemory: Task<null, null> = {
  module,
  name: "takesAllMemory",
  run: () => {
    const kept: string[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => `kept ${kept.length} ${index}`));
  },
};

export const breaksOff: Task<null, number> = {
  module,
  name: "breaksOff",
  *run() {
    yield 1;
    throw new RangeError("Maximum call stack size exceeded");
  },
};

export const firstByte: Task<Uint8Array, number> = {
  module,
  name: "firstByte",
  run: (bytes) => [bytes[0] ?? -1],
};
