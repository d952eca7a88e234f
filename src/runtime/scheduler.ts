/** Puts keys on the queue by the clock. */

import { schedule } from "node-cron";
import type { Queue } from "../ports/queue.ts";

export interface SchedulerOptions {
  readonly queue: Queue;
  /** Cron, seconds allowed. */
  readonly scanSchedule: string;
  readonly resyncSeconds: number;
}

/** Resyncs at once and then every so often, and scans by the schedule, until stopped. */
export function startScheduler({ queue, scanSchedule, resyncSeconds }: SchedulerOptions): {
  stop: () => Promise<void>;
} {
  queue.add({ flow: "resync" });
  const timer = setInterval(() => queue.add({ flow: "resync" }), resyncSeconds * 1000);
  const scans = schedule(scanSchedule, () => queue.add({ flow: "scans" }));
  return {
    stop: async () => {
      clearInterval(timer);
      await scans.destroy();
    },
  };
}
