/** How a reload is told: names of objects and keys, never a value or a digest. */

import type { KubernetesObject } from "../model/resource.ts";
import type { Change } from "./reload-observed.ts";
import type { Workload } from "./reload-workload.ts";

export type ReloadOutcome = "rolled" | "told" | "flapping";

const reasons: Readonly<
  Record<ReloadOutcome, { type: "Normal" | "Warning"; reason: string; words: string }>
> = {
  rolled: { type: "Normal", reason: "ConfigurationChanged", words: "Rolled: its configuration changed" },
  told: {
    type: "Normal",
    reason: "ConfigurationChanged",
    words: "Its configuration changed while it runs; it is left as it is",
  },
  flapping: {
    type: "Warning",
    reason: "FlappingConfiguration",
    words: "Flapping configuration: rolled 3 times within an hour, so the next rollout waits. Changed",
  },
};

const shownKeys = 5;
/** The API server refuses longer ones. */
const longestMessage = 1024;

/** `Secret db (password, user); ConfigMap settings`. */
export function changesText(changes: readonly Change[]): string {
  return changes.map(changeText).join("; ");
}

function changeText({ object, keys }: Change): string {
  const name = object.replace("/", " ");
  if (keys.length === 0) return name;
  const more = keys.length - shownKeys;
  return `${name} (${keys.slice(0, shownKeys).join(", ")}${more > 0 ? ` and ${more} more` : ""})`;
}

/** An Event about the workload, as `kubectl describe` shows it. */
export function reloadEvent(
  { address, uid, resourceVersion }: Workload,
  outcome: ReloadOutcome,
  changes: readonly Change[],
  at: Date,
): KubernetesObject {
  const { namespace, name, apiVersion, kind } = address;
  const time = `${at.toISOString().slice(0, 19)}Z`;
  const { type, reason, words } = reasons[outcome];
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace, name: `${name.slice(0, 230)}.${at.getTime().toString(16)}` },
    involvedObject: { apiVersion, kind, namespace, name, uid, resourceVersion },
    type,
    reason,
    message: `${words}: ${changesText(changes)}`.slice(0, longestMessage),
    source: { component: "lockkeeper" },
    reportingComponent: "lockkeeper",
    reportingInstance: "lockkeeper",
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
