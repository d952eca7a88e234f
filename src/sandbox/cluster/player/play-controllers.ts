/** The controllers' part: workloads get their pods, and a status that tells how far the rollout is. */

import { createHash } from "node:crypto";
import type { Desk, Live } from "./desk.ts";
import { type Counts, deploymentStatus, isReady, replicaCounts } from "./workload-status.ts";

const apps = "/apis/apps/v1";
const core = "/api/v1";
const hashLabel = "pod-template-hash";
const revisionLabel = "controller-revision-hash";

interface Scene {
  readonly desk: Desk;
  readonly pods: readonly Live[];
  readonly now: Date;
}

/** One look at everything; true while a rollout is not finished. */
export async function playControllers(desk: Desk): Promise<boolean> {
  const scene: Scene = { desk, pods: await desk.list(core, "pods"), now: new Date() };
  let unfinished = false;
  const sets = await desk.list(apps, "replicasets");
  for (const set of sets) await playReplicaSet(scene, set);
  for (const deployment of await desk.list(apps, "deployments")) {
    unfinished = (await playDeployment(scene, deployment, sets)) || unfinished;
  }
  for (const set of await desk.list(apps, "statefulsets")) await playStatefulSet(scene, set);
  for (const set of await desk.list(apps, "daemonsets")) await playDaemonSet(scene, set);
  for (const job of await desk.list("/apis/batch/v1", "jobs")) await playJob(scene, job);
  return unfinished;
}

/** The new ReplicaSet gets all replicas at once; the old ones go when all of the new are ready. */
async function playDeployment(
  { desk, now }: Scene,
  deployment: Live,
  sets: readonly Live[],
): Promise<boolean> {
  const replicas = Number(deployment.spec.replicas);
  const template = deployment.spec.template as PodTemplate;
  const hash = hashOf(template);
  const owned = sets.filter((set) => isOwned(set, deployment));
  const current = owned.find((set) => set.metadata.labels?.[hashLabel] === hash);
  const old = owned.filter((set) => set !== current);
  if (current === undefined && deployment.spec.paused !== true) {
    await desk.create(apps, "replicasets", replicaSetOf(deployment, template, hash));
  }
  if (current !== undefined) await desk.scale(current, replicas);
  const ready = Number(current?.status?.readyReplicas ?? 0);
  if (current !== undefined && ready >= replicas) for (const set of old) await desk.scale(set, 0);
  const status = deploymentStatus(deployment, { current, old }, now);
  await desk.report(
    { group: apps, plural: "deployments", manager: "kube-controller-manager" },
    deployment,
    status,
  );
  return ready < replicas;
}

async function playReplicaSet(scene: Scene, set: Live): Promise<void> {
  const mine = scene.pods.filter((pod) => isOwned(pod, set));
  const wanted = Number(set.spec.replicas);
  const template = set.spec.template as PodTemplate;
  for (let missing = mine.length; missing < wanted; missing += 1) {
    const name = `${set.metadata.name}-${Math.random().toString(36).slice(2, 7).padEnd(5, "x")}`;
    await scene.desk.create(core, "pods", podOf(set, "ReplicaSet", template, { name }));
  }
  for (const surplus of mine.slice(wanted)) await scene.desk.remove(core, "pods", surplus);
  await report(scene, "replicasets", set, replicaCounts(set, mine.slice(0, wanted)));
}

async function playStatefulSet(scene: Scene, set: Live): Promise<void> {
  const template = set.spec.template as PodTemplate;
  const revision = `${set.metadata.name}-${hashOf(template)}`;
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
    await scene.desk.create(core, "pods", podOf(set, "StatefulSet", template, { name: missing, labels }));
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
async function playDaemonSet(scene: Scene, set: Live): Promise<void> {
  const template = set.spec.template as PodTemplate;
  const hash = hashOf(template);
  const mine = scene.pods.filter((pod) => isOwned(pod, set));
  const fresh = mine.filter((pod) => pod.metadata.labels?.[revisionLabel] === hash);
  for (const pod of mine) if (!fresh.includes(pod)) await scene.desk.remove(core, "pods", pod);
  if (mine.length === 0) {
    const name = `${set.metadata.name}-${hash.slice(0, 5)}`;
    await scene.desk.create(
      core,
      "pods",
      podOf(set, "DaemonSet", template, { name, labels: { [revisionLabel]: hash } }),
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

async function playJob(scene: Scene, job: Live): Promise<void> {
  const mine = scene.pods.filter((pod) => isOwned(pod, job));
  const succeeded = mine.filter((pod) => pod.status?.phase === "Succeeded").length;
  const wanted = Number(job.spec.completions ?? 1);
  if (mine.length < wanted && job.spec.suspend !== true) {
    const name = `${job.metadata.name}-${Math.random().toString(36).slice(2, 7).padEnd(5, "x")}`;
    await scene.desk.create(core, "pods", podOf(job, "Job", job.spec.template as PodTemplate, { name }));
  }
  const at = scene.now.toISOString().replace(/\.\d+Z/, "Z");
  const complete = { type: "Complete", status: "True", lastProbeTime: at, lastTransitionTime: at };
  const counts = { active: mine.length - succeeded || null, succeeded: succeeded || null };
  const status = succeeded >= wanted ? { ...counts, conditions: [complete], completionTime: at } : counts;
  const place = { group: "/apis/batch/v1", plural: "jobs", manager: "kube-controller-manager" };
  await scene.desk.report(place, job, { startTime: at, ...status });
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: object };
  readonly spec: object;
}

async function report({ desk }: Scene, plural: string, object: Live, status: Counts): Promise<void> {
  await desk.report({ group: apps, plural, manager: "kube-controller-manager" }, object, status);
}

function replicaSetOf(deployment: Live, template: PodTemplate, hash: string) {
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const selector = deployment.spec.selector as { readonly matchLabels?: object };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: metadataOf(deployment, "Deployment", { name: `${deployment.metadata.name}-${hash}`, labels }),
    spec: {
      replicas: deployment.spec.replicas,
      selector: { matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

interface Naming {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function podOf(owner: Live, ownerKind: string, template: PodTemplate, { name, labels }: Naming) {
  const all = { ...template.metadata?.labels, ...labels };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadataOf(owner, ownerKind, { name, labels: all }),
    spec: template.spec,
  };
}

function metadataOf(owner: Live, kind: string, { name, labels }: Naming) {
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  const { namespace, uid } = owner.metadata;
  const reference = {
    apiVersion,
    kind,
    name: owner.metadata.name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return { name, namespace, labels, ownerReferences: [reference] };
}

function isOwned(object: Live, owner: Live): boolean {
  return object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true;
}

function hashOf(template: PodTemplate): string {
  return createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 10);
}
