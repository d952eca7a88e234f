/** Plays what a machine without nodes lacks: the kubelet always, the controllers of workloads where nothing else does. */

import { setTimeout as wait } from "node:timers/promises";
import type { AdminApi } from "../admin-api.ts";
import { openDesk } from "./desk.ts";
import { playControllers } from "./play-controllers.ts";
import { playNode } from "./play-node.ts";

export interface Player {
  /** Nothing becomes ready until `resume`. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const watched = {
  node: ["/api/v1/pods"],
  controllers: [
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/replicasets",
    "/apis/apps/v1/statefulsets",
    "/apis/apps/v1/daemonsets",
    "/apis/batch/v1/jobs",
  ],
};
/** Between two looks, so that a burst of changes is one look. */
const breathMilliseconds = 20;
/** While something is not finished, time alone may change it. */
const unfinishedMilliseconds = 1_000;
const reconnectMilliseconds = 200;

/** `controllers`: the server has its own for workloads; only the pods are played then. */
export function startPlayer(api: AdminApi, { controllers }: { readonly controllers: boolean }): Player {
  const stopping = new AbortController();
  const { signal } = stopping;
  const desk = openDesk(api);
  const bell = createBell();
  let paused = false;
  const look = async (): Promise<boolean> => {
    if (paused) return false;
    try {
      const waiting = controllers ? false : await playControllers(desk);
      await playNode(desk);
      return waiting;
    } catch {
      // The server is stopping, or somebody else wrote at the same moment: the next look decides again.
      return true;
    }
  };
  const paths = controllers ? watched.node : [...watched.node, ...watched.controllers];
  const watches = paths.map((path) => follow(api, path, signal, bell.ring));
  const playing = playUntil(signal, bell, look);
  return {
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      bell.ring();
    },
    async stop() {
      stopping.abort();
      bell.ring();
      await Promise.all([playing, ...watches]);
    },
  };
}

async function playUntil(signal: AbortSignal, bell: Bell, look: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) {
    const unfinished = await look();
    await wait(breathMilliseconds, undefined, { signal }).catch(() => undefined);
    const again = unfinished ? setTimeout(bell.ring, unfinishedMilliseconds) : undefined;
    await bell.heard();
    clearTimeout(again);
  }
}

interface Bell {
  readonly ring: () => void;
  /** Resolves at the next ring, or at once where it rang since the last time. */
  readonly heard: () => Promise<void>;
}

function createBell(): Bell {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    ring: () => resolve(),
    async heard() {
      await promise;
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
}

/** Calls back for every change until the signal; what changed does not matter. */
async function follow(api: AdminApi, path: string, signal: AbortSignal, changed: () => void): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _ of api.watch(`${path}?watch=true&timeoutSeconds=600`, signal)) changed();
    } catch {
      // Ended by the signal or by the server: the loop knows which.
    }
    await wait(reconnectMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}
