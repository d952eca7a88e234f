/** After GitHub said "slow down", nothing more is sent for that installation until it said so: going on gets an App banned. */

import type { Failure } from "../model/failure.ts";
import { Refusal } from "./translate.ts";

export class Lanes {
  /** Installation to the time (milliseconds) at which its lane opens again. */
  readonly #closed = new Map<number, number>();

  /** Throws a `rate-limited` refusal while the lane is closed. */
  enter(installation: number): void {
    const seconds = Math.ceil(((this.#closed.get(installation) ?? 0) - Date.now()) / 1000);
    if (seconds > 0) {
      throw new Refusal("rate-limited", "GitHub asked us to wait", { retryAfterSeconds: seconds });
    }
    this.#closed.delete(installation);
  }

  close(installation: number, failure: Failure): void {
    const until = Date.now() + (failure.retryAfterSeconds ?? 60) * 1000;
    this.#closed.set(installation, Math.max(until, this.#closed.get(installation) ?? 0));
  }
}
