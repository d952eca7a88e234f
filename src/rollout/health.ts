/** Whether an object has become what it should be: one table, by kind. */

import { type KubernetesObject, groupOf } from "../model/resource.ts";
import {
  type Health,
  byCondition,
  conditionReason,
  conditionStatus,
  failed,
  hasCondition,
  progressing,
  ready,
  readyBut,
} from "./health-states.ts";
import { isRecord, numberAt, recordsAt, textAt, valueAt } from "./json-path.ts";
import { cronJob, daemonSet, deployment, job, pod, statefulSet } from "./workload-health.ts";

type Rule = (object: KubernetesObject) => Health;

/** Rules follow kstatus (https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus) where they are the same. */
const rules: Readonly<Record<string, Rule>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "apps/ReplicaSet": replicaSet,
  "batch/Job": job,
  "batch/CronJob": cronJob,
  "/PersistentVolumeClaim": claim,
  "/Namespace": namespace,
  "/Service": service,
  "/Pod": pod,
  "networking.k8s.io/Ingress": ingress,
  "autoscaling/HorizontalPodAutoscaler": autoscaler,
  "policy/PodDisruptionBudget": budget,
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
  "apiregistration.k8s.io/APIService": (object) => byCondition(object, "Available"),
};

export function healthOf(object: KubernetesObject): Health {
  if (object.metadata["deletionTimestamp"] !== undefined) return failed(deletion(object));
  const observed = numberAt(object, "status", "observedGeneration");
  const { generation } = object.metadata;
  if (observed !== undefined && generation !== undefined && observed < generation) {
    return progressing("its controller has not seen the change yet");
  }
  const rule = rules[`${groupOf(object.apiVersion)}/${object.kind}`] ?? generic;
  return rule(object);
}

/** What holds an object up that is being deleted. */
export function deletion({ metadata }: KubernetesObject): string {
  const finalizers = metadata["finalizers"];
  const names = Array.isArray(finalizers) ? finalizers.map(String) : [];
  return names.length === 0
    ? "it is being deleted"
    : `it is being deleted and waits for ${names.join(", ")}, its finalizer${names.length === 1 ? "" : "s"}`;
}

function replicaSet(object: KubernetesObject): Health {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const available = numberAt(object, "status", "availableReplicas") ?? 0;
  return available < wanted ? progressing(`${available} of ${wanted} replicas are available`) : ready;
}

/** A claim whose class waits for the first consumer stays pending until a pod comes: to wait for it would be for ever. */
function claim(object: KubernetesObject): Health {
  const phase = textAt(object, "status", "phase");
  if (phase === "Lost") return failed("its volume is lost");
  if (phase === "Bound") return ready;
  const notes = object.metadata.annotations ?? {};
  const provisioner = Object.keys(notes).some((key) => key.endsWith("kubernetes.io/storage-provisioner"));
  return provisioner ? progressing("its volume is being provisioned") : ready;
}

function namespace(object: KubernetesObject): Health {
  const phase = textAt(object, "status", "phase");
  if (phase === "Terminating") return failed("it is being deleted");
  return phase === "Active" ? ready : progressing("it is not Active yet");
}

function service(object: KubernetesObject): Health {
  if (textAt(object, "spec", "type") !== "LoadBalancer") return ready;
  return recordsAt(object, "status", "loadBalancer", "ingress").length > 0
    ? ready
    : progressing("it has no address of a load balancer yet");
}

/** Controllers need not report an address, and many do not: no rollout waits for one. */
function ingress(object: KubernetesObject): Health {
  const addresses = recordsAt(object, "status", "loadBalancer", "ingress");
  return addresses.length > 0 ? ready : readyBut("no controller has reported an address for it");
}

/** Metrics that are missing are no failure: right after a start there are none. */
function autoscaler(object: KubernetesObject): Health {
  const able = conditionStatus(object, "AbleToScale");
  if (able === "False" && conditionReason(object, "AbleToScale") === "FailedGetScale") {
    return failed("what it should scale is not there");
  }
  if (able === "False") return progressing("it is not AbleToScale yet");
  if (conditionStatus(object, "ScalingActive") !== "False") return ready;
  const reason = conditionReason(object, "ScalingActive");
  return reason === "InvalidSelector"
    ? failed("the selector of what it scales is not valid")
    : readyBut("it has no metrics to scale by");
}

function budget(object: KubernetesObject): Health {
  const healthy = numberAt(object, "status", "currentHealthy") ?? 0;
  const wanted = numberAt(object, "status", "desiredHealthy") ?? 0;
  return healthy >= wanted ? ready : readyBut(`it covers ${healthy} healthy pods and wants ${wanted}`);
}

function definition(object: KubernetesObject): Health {
  if (hasCondition(object, "NamesAccepted", "False")) return failed("its names are taken by another one");
  return byCondition(object, "Established");
}

/** Custom resources by the conditions that most controllers set; without any there is nothing to wait for. */
function generic(object: KubernetesObject): Health {
  if (hasCondition(object, "Stalled", "True")) return failed("its controller says that it is stalled");
  if (hasCondition(object, "Failed", "True")) return failed("its controller says that it failed");
  if (hasCondition(object, "Reconciling", "True")) return progressing("its controller is at work");
  const told = ["Ready", "Available", "Established", "Synced"].find((type) =>
    recordsAt(object, "status", "conditions").some((each) => isRecord(each) && each["type"] === type),
  );
  if (told !== undefined) return byCondition(object, told);
  return valueAt(object, "status", "phase") === "Failed" ? failed("its phase is Failed") : ready;
}
