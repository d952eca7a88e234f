/** Deployments and their ReplicaSets. */

import type { Live } from "./desk.ts";
import { childName, hashLabel, hashOf, isOwned, podOf, replicaSetOf } from "./pod-template.ts";
import { type Scene, apps, core, report } from "./scene.ts";
import { deploymentStatus, replicaCounts } from "./workload-status.ts";

/** The new ReplicaSet gets all replicas at once; the old ones go when all of the new are ready. */
export async function playDeployment(
  { desk, now }: Scene,
  deployment: Live,
  sets: readonly Live[],
): Promise<boolean> {
  const replicas = Number(deployment.spec.replicas);
  const hash = hashOf(deployment);
  const owned = sets.filter((set) => isOwned(set, deployment));
  const current = owned.find((set) => set.metadata.labels?.[hashLabel] === hash);
  const old = owned.filter((set) => set !== current);
  if (current === undefined && deployment.spec.paused !== true) {
    await desk.create(apps, "replicasets", replicaSetOf(deployment, hash));
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

export async function playReplicaSet(scene: Scene, set: Live): Promise<void> {
  const mine = scene.pods.filter((pod) => isOwned(pod, set));
  const wanted = Number(set.spec.replicas);
  for (let missing = mine.length; missing < wanted; missing += 1) {
    const name = childName(set);
    await scene.desk.create(core, "pods", podOf(set, "ReplicaSet", { name }));
  }
  for (const surplus of mine.slice(wanted)) await scene.desk.remove(core, "pods", surplus);
  await report(scene, "replicasets", set, replicaCounts(set, mine.slice(0, wanted)));
}
