/** Lets calls that ask for the same thing at the same time share one answer. */

import type { Result } from "../model/failure.ts";

type ShareCalls = <T>(key: string, call: () => Promise<Result<T>>) => Promise<Result<T>>;

/** Keeps a call's promise under its key until it is done. A key is used for one type of answer only. */
export function shareCalls(): ShareCalls {
  const running = new Map<string, Promise<Result<unknown>>>();
  return <T>(key: string, call: () => Promise<Result<T>>) => {
    const same = running.get(key) as Promise<Result<T>> | undefined;
    if (same !== undefined) return same;
    const started = call().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
