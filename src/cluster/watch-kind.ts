/** A watch that does not end: list, follow, and begin again after whatever went wrong. */

import { setTimeout as pause } from "node:timers/promises";
import type { KubernetesObject } from "../model/resource.ts";
import type { Watch, WatchEvent, WatchScope } from "../ports/cluster.ts";
import type { ApiClient } from "./api-client.ts";
import { listPages } from "./list-pages.ts";
import { type Ending, followChanges } from "./follow-changes.ts";
import { createKnown } from "./known-objects.ts";
import type { Selection } from "./object-path.ts";

export interface WatchOptions extends Selection, WatchScope {
  readonly relistSeconds: number;
}

const firstPauseMs = 200;
const longestPauseMs = 30_000;

/** Events reach `onEvent` one after the other; `synced` comes once, after the first complete listing. */
export function watchKind(
  client: ApiClient,
  options: WatchOptions,
  onEvent: (event: WatchEvent) => void,
): Watch {
  const stopped = new AbortController();
  const { signal } = stopped;
  void watchUntil(signal, client, options, (event) => {
    if (!signal.aborted) onEvent(event);
  });
  return { stop: () => stopped.abort() };
}

async function watchUntil(
  signal: AbortSignal,
  client: ApiClient,
  options: WatchOptions,
  emit: (event: WatchEvent) => void,
): Promise<void> {
  const known = createKnown(emit);
  const state: Position = { resourceVersion: null, listedAt: 0, pauseMs: firstPauseMs, synced: false };
  while (!signal.aborted) {
    const ending = await oneRound(signal, client, options, { known, state, emit });
    if (ending === "expired") state.resourceVersion = null;
    if (ending === "progressed") state.pauseMs = firstPauseMs;
    else {
      // Spread, so that the watches of many kinds do not come back to a restarted server in one instant.
      await pause(state.pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      state.pauseMs = Math.min(state.pauseMs * 2, longestPauseMs);
    }
  }
}

interface Position {
  /** Where to follow from; null asks for a listing. */
  resourceVersion: string | null;
  listedAt: number;
  pauseMs: number;
  synced: boolean;
}

interface Round {
  readonly known: ReturnType<typeof createKnown>;
  readonly state: Position;
  readonly emit: (event: WatchEvent) => void;
}

/** Lists where that is due, then follows until the stream ends. */
async function oneRound(
  signal: AbortSignal,
  client: ApiClient,
  options: WatchOptions,
  { known, state, emit }: Round,
): Promise<Ending> {
  const relistMs = options.relistSeconds * 1_000;
  if (state.resourceVersion === null || performance.now() - state.listedAt >= relistMs) {
    const listing = await listPages(client, options);
    if (signal.aborted) return "failed";
    if (!listing.ok) {
      options.onFailure?.(listing.failure);
      return "failed";
    }
    known.replace(listing.value.objects);
    state.resourceVersion = listing.value.resourceVersion;
    state.listedAt = performance.now();
    if (!state.synced) emit({ type: "synced" });
    state.synced = true;
  }
  return followChanges(client, {
    ...options,
    signal,
    resourceVersion: state.resourceVersion,
    atMostMs: Math.max(1_000, relistMs - (performance.now() - state.listedAt)),
    onObject: (type: string, object: KubernetesObject) => {
      state.resourceVersion = object.metadata.resourceVersion ?? state.resourceVersion;
      if (type === "DELETED") known.remove(object);
      else if (type !== "BOOKMARK") known.put(object);
    },
  });
}
