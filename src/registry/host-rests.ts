/** Which registries are left alone, and until when: those that asked for it, and those that fail again and again. */

import { type Failure, type Result, fail } from "../model/failure.ts";

/** Failures in a row after which a host rests. */
const patience = 5;
const firstRestSeconds = 30;
const longestRestSeconds = 600;

interface State {
  failures: number;
  /** Milliseconds, by the clock; 0 while the host is asked. */
  until: number;
  why: Failure | undefined;
}

/** One for all registries; each host has a state of its own, so that the others go on. */
export class HostRests {
  readonly #now: () => number;
  readonly #states = new Map<string, State>();

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why a host is not asked now, with the seconds until it is; undefined where it may be. */
  refusal(host: string): Result<never> | undefined {
    const state = this.#states.get(host);
    const seconds = Math.ceil(((state?.until ?? 0) - this.#now()) / 1000);
    if (state?.why === undefined || seconds <= 0) return undefined;
    const more = { retryAfterSeconds: seconds };
    if (state.why.retryAfterSeconds !== undefined) {
      return fail(state.why.code, `${host} wants no requests for ${seconds} seconds`, more);
    }
    return fail(
      "unavailable",
      `${host} failed ${state.failures} times in a row and is left alone for ${seconds} seconds: ${state.why.message}`,
      more,
    );
  }

  /** The host answered; a refusal for what was asked is an answer too. What was sent before a rest does not end it. */
  answered(host: string): void {
    const state = this.#states.get(host);
    if (state !== undefined && state.until <= this.#now()) this.#states.delete(host);
  }

  /** A request to the host failed. After its rest the host is asked once more, and rests twice as long if that fails. */
  failed(host: string, failure: Failure): void {
    const { code, retryAfterSeconds } = failure;
    if (code !== "rate-limited" && code !== "unavailable" && code !== "timeout") return;
    const state = this.#states.get(host) ?? { failures: 0, until: 0, why: undefined };
    this.#states.set(host, state);
    if (retryAfterSeconds !== undefined) return this.#rest(state, failure, retryAfterSeconds);
    if (state.until > this.#now()) return;
    state.failures += 1;
    const beyond = state.failures - patience;
    if (beyond < 0) return;
    this.#rest(state, failure, Math.min(firstRestSeconds * 2 ** beyond, longestRestSeconds));
  }

  #rest(state: State, why: Failure, seconds: number): void {
    state.why = why;
    state.until = this.#now() + seconds * 1000;
  }
}
