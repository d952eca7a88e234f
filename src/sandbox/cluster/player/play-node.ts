/** The kubelet's part: every pod runs, unless its image says that it is broken. */

import type { Desk, Live } from "./desk.ts";

const place = { group: "/api/v1", plural: "pods", manager: "kubelet" };

/** An image whose tag contains this word cannot be pulled: so that a rollout can be seen to fail. */
const brokenTag = /:[^/@]*broken/;

interface Container {
  readonly name: string;
  readonly image: string;
}

export async function playNode(desk: Desk): Promise<void> {
  for (const pod of await desk.list("/api/v1", "pods")) {
    if (["Succeeded", "Failed"].includes(String(pod.status?.phase))) continue;
    await desk.report(place, pod, podStatus(pod, `${new Date().toISOString().slice(0, 19)}Z`));
  }
}

/** Pods of Jobs are done at once, others are ready, and those with a broken image wait for it. */
export function podStatus(pod: Live, now: string): Readonly<Record<string, unknown>> {
  const containers = pod.spec.containers as readonly Container[];
  const broken = containers.some(({ image }) => brokenTag.test(image));
  const job = pod.metadata.ownerReferences?.some((owner) => owner.kind === "Job") === true;
  const phase = broken ? "Pending" : job ? "Succeeded" : "Running";
  const ready = phase === "Running";
  const reason = broken ? { reason: "ContainersNotReady" } : job ? { reason: "PodCompleted" } : {};
  return {
    phase,
    conditions: [
      { type: "PodScheduled", status: "True", lastTransitionTime: now },
      { type: "Initialized", status: "True", lastTransitionTime: now },
      { type: "ContainersReady", status: ready ? "True" : "False", lastTransitionTime: now, ...reason },
      { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: now, ...reason },
    ],
    containerStatuses: containers.map((container) => containerStatus(container, phase, now)),
  };
}

function containerStatus({ name, image }: Container, phase: string, now: string) {
  const ready = phase === "Running";
  return {
    name,
    image,
    imageID: "",
    ready,
    started: ready,
    restartCount: 0,
    state: containerState(image, phase, now),
  };
}

function containerState(image: string, phase: string, now: string): object {
  if (brokenTag.test(image)) {
    return { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` } };
  }
  if (phase === "Pending") return { waiting: { reason: "ContainerCreating" } };
  if (phase === "Succeeded") return { terminated: { exitCode: 0, reason: "Completed" } };
  return { running: { startedAt: now } };
}
