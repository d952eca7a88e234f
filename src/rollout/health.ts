/** Whether an object has become what it should be: one table, by kind. */

import { type KubernetesObject, groupOf } from "../model/resource.ts";
import { type JsonRecord, isRecord, numberAt, recordsAt, textAt, valueAt } from "./json-path.ts";

/** `failed` is final until somebody changes something. */
export type HealthState = "ready" | "progressing" | "failed";

export interface Health {
  readonly state: HealthState;
  /** One clause for people; empty when ready. */
  readonly reason: string;
}

type Rule = (object: KubernetesObject) => Health;

const ready: Health = { state: "ready", reason: "" };
const progressing = (reason: string): Health => ({ state: "progressing", reason });
const failed = (reason: string): Health => ({ state: "failed", reason });

/** Rules follow kstatus (https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus) where they are the same. */
const rules: Readonly<Record<string, Rule>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "batch/Job": job,
  "batch/CronJob": () => ready,
  "/PersistentVolumeClaim": (object) =>
    textAt(object, "status", "phase") === "Lost" ? failed("its volume is lost") : ready,
  "/Namespace": (object) =>
    textAt(object, "status", "phase") === "Terminating" ? failed("it is being deleted") : ready,
  "/Service": () => ready,
  "/Pod": pod,
  "networking.k8s.io/Ingress": () => ready,
  "autoscaling/HorizontalPodAutoscaler": () => ready,
  "policy/PodDisruptionBudget": () => ready,
  "apiextensions.k8s.io/CustomResourceDefinition": (object) => byCondition(object, "Established"),
  "apiregistration.k8s.io/APIService": (object) => byCondition(object, "Available"),
};

export function healthOf(object: KubernetesObject): Health {
  if (object.metadata["deletionTimestamp"] !== undefined) return failed("it is being deleted");
  const observed = numberAt(object, "status", "observedGeneration");
  const { generation } = object.metadata;
  if (observed !== undefined && generation !== undefined && observed < generation) {
    return progressing("its controller has not seen the change yet");
  }
  const rule = rules[`${groupOf(object.apiVersion)}/${object.kind}`] ?? generic;
  return rule(object);
}

function condition(object: KubernetesObject, type: string): JsonRecord | undefined {
  return recordsAt(object, "status", "conditions").find((each) => each["type"] === type);
}

function byCondition(object: KubernetesObject, type: string): Health {
  return condition(object, type)?.["status"] === "True" ? ready : progressing(`it is not ${type} yet`);
}

function count(object: KubernetesObject, field: string): number {
  return numberAt(object, "status", field) ?? 0;
}

function deployment(object: KubernetesObject): Health {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  if (valueAt(object, "spec", "paused") === true) return ready;
  if (condition(object, "Progressing")?.["reason"] === "ProgressDeadlineExceeded") {
    return failed("its rollout made no progress within its deadline");
  }
  if (valueAt(object, "status", "observedGeneration") === undefined) return progressing("not seen yet");
  const updated = count(object, "updatedReplicas");
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`);
  if (count(object, "replicas") > updated) return progressing("old replicas are still running");
  const available = count(object, "availableReplicas");
  return available < updated ? progressing(`${available} of ${wanted} replicas are available`) : ready;
}

function statefulSet(object: KubernetesObject): Health {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  if (valueAt(object, "status", "observedGeneration") === undefined) return progressing("not seen yet");
  const readyReplicas = count(object, "readyReplicas");
  if (readyReplicas < wanted) return progressing(`${readyReplicas} of ${wanted} replicas are ready`);
  if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") return ready;
  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const same =
    textAt(object, "status", "currentRevision") === textAt(object, "status", "updateRevision") ||
    count(object, "updatedReplicas") >= wanted - partition;
  return same ? ready : progressing("not all replicas are of the new revision");
}

function daemonSet(object: KubernetesObject): Health {
  if (valueAt(object, "status", "observedGeneration") === undefined) return progressing("not seen yet");
  const wanted = count(object, "desiredNumberScheduled");
  const onDelete = textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
  const updated = onDelete ? wanted : count(object, "updatedNumberScheduled");
  const available = Math.min(updated, count(object, "numberAvailable"));
  return available < wanted ? progressing(`${available} of ${wanted} pods are updated and available`) : ready;
}

function job(object: KubernetesObject): Health {
  if (valueAt(object, "spec", "suspend") === true) return ready;
  const failure = condition(object, "Failed");
  if (failure?.["status"] === "True") return failed("the job failed");
  const complete = ["Complete", "SuccessCriteriaMet"].some(
    (type) => condition(object, type)?.["status"] === "True",
  );
  return complete ? ready : progressing("the job has not ended");
}

function pod(object: KubernetesObject): Health {
  const phase = textAt(object, "status", "phase");
  if (phase === "Failed") return failed("the pod failed");
  return phase === "Succeeded" ? ready : byCondition(object, "Ready");
}

/** Custom resources by the conditions that most controllers set; without any there is nothing to wait for. */
function generic(object: KubernetesObject): Health {
  if (condition(object, "Stalled")?.["status"] === "True")
    return failed("its controller says that it is stalled");
  if (condition(object, "Reconciling")?.["status"] === "True")
    return progressing("its controller is at work");
  const state = ["Ready", "Available", "Established", "Synced"]
    .map((type) => condition(object, type))
    .find(isRecord);
  if (state === undefined || state["status"] === "True") return ready;
  return progressing(`it is not ${String(state["type"])} yet`);
}
