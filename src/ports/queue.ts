import type { Key } from "../model/key.ts";

/**
 * Level-triggered work queue. One job per key at a time; a key that is already waiting is not added twice; one that is put
 * on while it runs is run again afterwards; a job that fails is retried with exponential back-off. No other order is kept.
 */
export interface Queue {
  /** Puts a key on the queue, to be run at once or after `afterSeconds`. Never throws, never waits. */
  add(key: Key, afterSeconds?: number): void;
}
