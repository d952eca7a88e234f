/** StatefulSets, DaemonSets and Jobs: pods without a ReplicaSet between. */

import type { Live } from "./desk.ts";
import { childName, hashOf, isOwned, podOf, revisionLabel } from "./pod-template.ts";
import { type Scene, core, report } from "./scene.ts";
import { isReady, replicaCounts } from "./workload-status.ts";

export async function playStatefulSet(scene: Scene, set: Live): Promise<void> {
  const revision = `${set.metadata.name}-${hashOf(set)}`;
  const mine = scene.pods.filter((pod) => isOwned(pod, set));
  const wanted = Array.from(
    { length: Number(set.spec.replicas) },
    (_, index) => `${set.metadata.name}-${index}`,
  );
  const fresh = (pod: Live) => pod.metadata.labels?.[revisionLabel] === revision;
  const stale = mine.find((pod) => !wanted.includes(pod.metadata.name) || !fresh(pod));
  // One at a time, in order, as the real one: the next pod waits for the one before it.
  if (stale !== undefined && mine.every((pod) => pod === stale || isReady(pod))) {
    await scene.desk.remove(core, "pods", stale);
  }
  const missing = wanted.find((name) => !mine.some((pod) => pod.metadata.name === name));
  if (missing !== undefined && mine.every(isReady)) {
    const labels = { [revisionLabel]: revision };
    await scene.desk.create(core, "pods", podOf(set, "StatefulSet", { name: missing, labels }));
  }
  const updated = mine.filter(fresh).length;
  const done = updated === wanted.length && mine.length === wanted.length;
  const revisions = {
    updateRevision: revision,
    updatedReplicas: updated,
    ...(done ? { currentRevision: revision } : {}),
  };
  await report(scene, "statefulsets", set, {
    ...replicaCounts(set, mine),
    ...revisions,
    fullyLabeledReplicas: null,
  });
}

/** There is one node. */
export async function playDaemonSet(scene: Scene, set: Live): Promise<void> {
  const hash = hashOf(set);
  const mine = scene.pods.filter((pod) => isOwned(pod, set));
  const fresh = mine.filter((pod) => pod.metadata.labels?.[revisionLabel] === hash);
  for (const pod of mine) if (!fresh.includes(pod)) await scene.desk.remove(core, "pods", pod);
  if (mine.length === 0) {
    const name = `${set.metadata.name}-${hash.slice(0, 5)}`;
    await scene.desk.create(
      core,
      "pods",
      podOf(set, "DaemonSet", { name, labels: { [revisionLabel]: hash } }),
    );
  }
  const ready = mine.filter(isReady).length;
  await report(scene, "daemonsets", set, {
    observedGeneration: set.metadata.generation,
    desiredNumberScheduled: 1,
    currentNumberScheduled: mine.length,
    updatedNumberScheduled: fresh.length,
    numberReady: ready,
    numberAvailable: ready || null,
    numberUnavailable: 1 - ready || null,
    numberMisscheduled: 0,
  });
}

export async function playJob(scene: Scene, job: Live): Promise<void> {
  const mine = scene.pods.filter((pod) => isOwned(pod, job));
  const succeeded = mine.filter((pod) => pod.status?.phase === "Succeeded").length;
  const wanted = Number(job.spec.completions ?? 1);
  if (mine.length < wanted && job.spec.suspend !== true) {
    const name = childName(job);
    await scene.desk.create(core, "pods", podOf(job, "Job", { name }));
  }
  const at = scene.now.toISOString().replace(/\.\d+Z/, "Z");
  const complete = { type: "Complete", status: "True", lastProbeTime: at, lastTransitionTime: at };
  const counts = { active: mine.length - succeeded || null, succeeded: succeeded || null };
  const status = succeeded >= wanted ? { ...counts, conditions: [complete], completionTime: at } : counts;
  const place = { group: "/apis/batch/v1", plural: "jobs", manager: "kube-controller-manager" };
  await scene.desk.report(place, job, { startTime: at, ...status });
}
