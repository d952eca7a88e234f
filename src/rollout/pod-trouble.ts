/** Why the pods of a workload do not come up, from what their node says of them. */

import type { KubernetesObject } from "../model/resource.ts";
import { type JsonRecord, numberAt, recordsAt, textAt, valueAt } from "./json-path.ts";

export interface PodTrouble {
  /** Half a sentence: `pod web-5f6 cannot pull its image (ImagePullBackOff)`. */
  readonly text: string;
  /** When the pod was made: what lasts is no hiccup. */
  readonly since: string;
  /** It does not pass by waiting: somebody has to change something. */
  readonly lasting: boolean;
}

/**
 * What a container waits for, in words. Nothing of a node's own message is shown: it can hold the end of a log, or a value of
 * an environment.
 */
const waits: Readonly<Record<string, string>> = {
  ErrImagePull: "cannot pull its image",
  ImagePullBackOff: "cannot pull its image",
  ErrImageNeverPull: "may not pull its image",
  InvalidImageName: "names an image that is no image",
  CrashLoopBackOff: "ends again and again",
  CreateContainerConfigError: "names a Secret, ConfigMap or key that is not there",
  CreateContainerError: "cannot be created",
  RunContainerError: "cannot be started",
};

/** Of the newest pods only: those of the template before have no say in how the new one does. */
export function podTrouble(pods: readonly KubernetesObject[]): PodTrouble | null {
  const newest = revisionOf(pods.toSorted((a, b) => (madeAt(a) < madeAt(b) ? -1 : 1)).at(-1));
  for (const pod of pods.filter((each) => revisionOf(each) === newest)) {
    const container = containerTrouble(pod);
    const reason = container ?? scheduling(pod);
    if (reason === null) continue;
    const text = `pod ${pod.metadata.name} ${reason}`;
    return { text, since: madeAt(pod), lasting: container !== null };
  }
  return null;
}

function madeAt(pod: KubernetesObject): string {
  const at = pod.metadata["creationTimestamp"];
  return typeof at === "string" ? at : "";
}

function revisionOf(pod: KubernetesObject | undefined): string | undefined {
  const labels = pod?.metadata.labels ?? {};
  return labels["pod-template-hash"] ?? labels["controller-revision-hash"];
}

function containerTrouble(pod: KubernetesObject): string | null {
  const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((list) =>
    recordsAt(pod, "status", list),
  );
  for (const status of statuses) {
    const reason = textAt(status, "state", "waiting", "reason");
    const words = reason === undefined ? undefined : waits[reason];
    if (words !== undefined) return `${words} (container ${nameOf(status)}: ${reason}${lastEnd(status)})`;
  }
  return null;
}

function nameOf(status: JsonRecord): string {
  return textAt(status, "name") ?? "?";
}

/** How the container ended before it was started again. */
function lastEnd(status: JsonRecord): string {
  const ended = valueAt(status, "lastState", "terminated");
  const code = numberAt(ended, "exitCode");
  if (code === undefined) return "";
  return textAt(ended, "reason") === "OOMKilled" ? ", out of memory" : `, exit code ${code}`;
}

/** The scheduler's message counts nodes and names what they lack; nothing in it comes from a container. */
function scheduling(pod: KubernetesObject): string | null {
  const unscheduled = recordsAt(pod, "status", "conditions").find(
    (each) => each["type"] === "PodScheduled" && each["status"] === "False",
  );
  if (unscheduled === undefined) return null;
  return `finds no node (${textAt(unscheduled, "message") ?? "Unschedulable"})`;
}
