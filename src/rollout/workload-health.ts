/** Health of what runs pods: Deployments, StatefulSets, DaemonSets, Jobs and pods themselves. */

import type { KubernetesObject } from "../model/resource.ts";
import {
  type Health,
  byCondition,
  failed,
  hasCondition,
  progressing,
  ready,
  readyBut,
} from "./health-states.ts";
import { goesWhenDone } from "./turn.ts";
import { numberAt, recordsAt, textAt, valueAt } from "./json-path.ts";

function count(object: KubernetesObject, field: string): number {
  return numberAt(object, "status", field) ?? 0;
}

function isSeen(object: KubernetesObject): boolean {
  return valueAt(object, "status", "observedGeneration") !== undefined;
}

export function deployment(object: KubernetesObject): Health {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  if (valueAt(object, "spec", "paused") === true) return readyBut("its rollout is paused");
  if (hasCondition(object, "Progressing", "False", "ProgressDeadlineExceeded")) {
    return failed("its rollout made no progress within its deadline");
  }
  if (!isSeen(object)) return progressing("not seen yet");
  const updated = count(object, "updatedReplicas");
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`);
  if (count(object, "replicas") > updated) return progressing("old replicas are still running");
  const available = count(object, "availableReplicas");
  if (available < updated) return progressing(`${available} of ${wanted} replicas are available`);
  return hasCondition(object, "Available", "False") ? progressing("it is not Available yet") : ready;
}

export function statefulSet(object: KubernetesObject): Health {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  if (!isSeen(object)) return progressing("not seen yet");
  const readyReplicas = count(object, "readyReplicas");
  if (readyReplicas < wanted) return progressing(`${readyReplicas} of ${wanted} replicas are ready`);
  if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") return onDelete;
  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const same =
    textAt(object, "status", "currentRevision") === textAt(object, "status", "updateRevision") ||
    count(object, "updatedReplicas") >= wanted - partition;
  return same ? ready : progressing("not all replicas are of the new revision");
}

const onDelete = readyBut("its pods are only replaced when somebody deletes them (OnDelete)");

export function daemonSet(object: KubernetesObject): Health {
  if (!isSeen(object)) return progressing("not seen yet");
  const wanted = count(object, "desiredNumberScheduled");
  const manual = textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
  const updated = manual ? wanted : count(object, "updatedNumberScheduled");
  const available = Math.min(updated, count(object, "numberAvailable"));
  if (available < wanted) return progressing(`${available} of ${wanted} pods are updated and available`);
  return manual ? onDelete : ready;
}

/** What waits for a Job waits for its end, not for its start. */
export function job(object: KubernetesObject): Health {
  if (valueAt(object, "spec", "suspend") === true) return readyBut("it is suspended");
  if (hasCondition(object, "Failed", "True")) return failed("the job failed");
  const complete = ["Complete", "SuccessCriteriaMet"].some((type) => hasCondition(object, type, "True"));
  return complete ? ready : progressing("the job has not ended");
}

/** Its last run says nothing of the template that was applied since, so that a failed one holds nothing up. */
export function cronJob(object: KubernetesObject): Health {
  if (valueAt(object, "spec", "suspend") === true) return readyBut("it is suspended");
  if (recordsAt(object, "status", "active").length > 0) return ready;
  const time = (field: string): number => Date.parse(textAt(object, "status", field) ?? "");
  const last = time("lastScheduleTime");
  const well = Number.isNaN(last) || time("lastSuccessfulTime") >= last;
  return well ? ready : readyBut("its last run did not succeed");
}

/** What its server or we ourselves delete once it has done its work: that it is gone proves nothing wrong. */
export function vanishes(object: KubernetesObject): boolean {
  if (goesWhenDone(object)) return true;
  return object.kind === "Job" && numberAt(object, "spec", "ttlSecondsAfterFinished") !== undefined;
}

export function pod(object: KubernetesObject): Health {
  const phase = textAt(object, "status", "phase");
  if (phase === "Failed") return failed("the pod failed");
  return phase === "Succeeded" ? ready : byCondition(object, "Ready");
}
