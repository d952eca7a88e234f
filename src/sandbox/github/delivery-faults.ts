/** What each fault does to a webhook on its way. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery } from "./delivery.ts";
import type { Fault } from "./fault.ts";

type Send = () => Promise<void>;

/** How long a webhook that should come after the next one waits for a next one. */
const patience = 2000;

/** The hook for deliveries; `take` says which fault one meets. */
export function deliverThrough(
  take: (delivery: Delivery) => Fault | undefined,
): (delivery: Delivery, send: Send) => Promise<void> {
  let overtake: (() => void) | null = null;
  return async (delivery, send) => {
    const fault = take(delivery);
    if (fault?.kind === "drop") {
      delivery.status = "dropped";
      return;
    }
    if (fault?.kind === "reorder") {
      const { promise, resolve } = Promise.withResolvers<void>();
      overtake = resolve;
      await Promise.race([promise, sleep(patience, undefined, { ref: false })]);
      return await send();
    }
    if (fault?.kind === "delay") await sleep(fault.milliseconds ?? 1000);
    await send();
    if (fault?.kind === "double") await send();
    overtake?.();
    overtake = null;
  };
}
