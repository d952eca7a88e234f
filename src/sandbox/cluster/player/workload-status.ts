/** The numbers and conditions that controllers report of a workload. */

import type { Live } from "./desk.ts";

/** Numbers that are zero are not written: null takes them away. */
export type Counts = Readonly<Record<string, unknown>>;

export function isReady(pod: Live): boolean {
  const conditions = (pod.status?.conditions ?? []) as readonly { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

export function replicaCounts(set: Live, pods: readonly Live[]): Counts {
  const ready = pods.filter(isReady).length;
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    fullyLabeledReplicas: pods.length || null,
    readyReplicas: ready || null,
    availableReplicas: ready || null,
  };
}

interface Sets {
  readonly current: Live | undefined;
  readonly old: readonly Live[];
}

/** Of a Deployment, from the status of its ReplicaSets. */
export function deploymentStatus(deployment: Live, { current, old }: Sets, now: Date): Counts {
  const wanted = Number(deployment.spec.replicas);
  const all = [current, ...old];
  const ready = sum("readyReplicas", all);
  const updated = sum("replicas", [current]);
  const done =
    current !== undefined && sum("readyReplicas", [current]) >= wanted && sum("replicas", old) === 0;
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: sum("replicas", all) || null,
    updatedReplicas: updated || null,
    readyReplicas: ready || null,
    availableReplicas: ready || null,
    unavailableReplicas: Math.max(wanted - ready, 0) || null,
    conditions: [available(ready >= wanted), progressing(deployment, done, now)].map((condition) =>
      stamped(deployment, condition, now),
    ),
  };
}

function sum(key: string, sets: readonly (Live | undefined)[]): number {
  return sets.reduce((total, set) => total + Number(set?.status?.[key] ?? 0), 0);
}

interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

function available(yes: boolean): Condition {
  return yes
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

function progressing(deployment: Live, done: boolean, now: Date): Condition {
  const type = "Progressing";
  if (done) {
    return {
      type,
      status: "True",
      reason: "NewReplicaSetAvailable",
      message: "ReplicaSet has successfully progressed.",
    };
  }
  const before = conditionOf(deployment, type);
  const begun = before?.reason === "NewReplicaSetAvailable" ? undefined : before?.lastUpdateTime;
  const observed = deployment.status?.observedGeneration === deployment.metadata.generation;
  const seconds = Number(deployment.spec.progressDeadlineSeconds ?? 600);
  if (observed && begun !== undefined && now.getTime() - Date.parse(begun) >= seconds * 1_000) {
    return {
      type,
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: "ReplicaSet has timed out progressing.",
    };
  }
  return { type, status: "True", reason: "ReplicaSetUpdated", message: "ReplicaSet is progressing." };
}

/** Times move only with the condition. */
function stamped(deployment: Live, condition: Condition, now: Date): Condition {
  const at = now.toISOString().replace(/\.\d+Z/, "Z");
  const before = conditionOf(deployment, condition.type);
  const same = before?.status === condition.status;
  return {
    ...condition,
    lastUpdateTime: same && before.reason === condition.reason ? (before.lastUpdateTime ?? at) : at,
    lastTransitionTime: same ? (before.lastTransitionTime ?? at) : at,
  };
}

function conditionOf(deployment: Live, type: string): Condition | undefined {
  const conditions = (deployment.status?.conditions ?? []) as readonly Condition[];
  return conditions.find((condition) => condition.type === type);
}
