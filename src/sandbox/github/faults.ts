/** Faults on demand: which are set, which one a request or a delivery meets, and how often. */

import { deliverThrough } from "./delivery-faults.ts";
import { faultKinds, type Fault, type FaultKind } from "./fault.ts";
import type { Hub } from "./hub.ts";
import { answerThrough } from "./request-faults.ts";
import { asOf, lagging } from "./stale-reads.ts";

/** Sets faults from tests and from outside; one that is used up is no longer listed. */
export interface FaultControl {
  add(fault: Fault): void;
  list(): readonly Fault[];
  clear(): void;
}

interface Armed {
  readonly fault: Fault;
  /** How many matched so far. */
  matched: number;
  left: number;
}

/** Takes the hub's hooks over. */
export function controlFaults(hub: Hub): FaultControl {
  const armed: Armed[] = [];
  const take = (kinds: readonly FaultKind[], matches: (fault: Fault) => boolean): Fault | undefined => {
    const met = armed.find((one) => kinds.includes(one.fault.kind) && matches(one.fault) && isDue(one));
    if (met === undefined) return undefined;
    met.left -= 1;
    if (met.left <= 0) armed.splice(armed.indexOf(met), 1);
    return met.fault;
  };
  const stale = (): Fault | undefined => armed.find(({ fault }) => fault.kind === "stale")?.fault;
  hub.faults.request = async (request, run) => {
    const fault = take(requestKinds, (one) => matchesRequest(one, request));
    const answer = await answerThrough(fault, run);
    return lagging(hub, stale(), { request, answer });
  };
  hub.faults.delivery = deliverThrough((delivery) =>
    take(deliveryKinds, ({ match = "*" }) => globOf(match).test(delivery.event)),
  );
  hub.faults.readRef = (repository, ref, sha) => asOf(hub, stale(), { repository, ref, sha });
  return {
    add: (fault) => {
      const endless = fault.every !== undefined || fault.kind === "stale";
      armed.push({ fault, matched: 0, left: fault.times ?? (endless ? Infinity : 1) });
    },
    list: () => armed.map(({ fault }) => fault),
    clear: () => armed.splice(0),
  };
}

const deliveryKinds: readonly FaultKind[] = ["drop", "double", "delay", "reorder"];
const requestKinds = faultKinds.filter((kind) => kind !== "stale" && !deliveryKinds.includes(kind));

function isDue(one: Armed): boolean {
  one.matched += 1;
  return one.matched % (one.fault.every ?? 1) === 0;
}

function matchesRequest(
  { method, match = "*" }: Fault,
  request: { method: string; route: string; path: string },
): boolean {
  if (method !== undefined && method !== request.method) return false;
  const pattern = globOf(match);
  return pattern.test(request.path) || pattern.test(request.route);
}

function globOf(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}
