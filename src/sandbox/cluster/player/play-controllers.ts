/** The controllers' part: workloads get their pods, and a status that tells how far the rollout is. */

import type { Desk } from "./desk.ts";
import { playDeployment, playReplicaSet } from "./play-deployment.ts";
import { playDaemonSet, playJob, playStatefulSet } from "./play-sets.ts";
import { type Scene, apps, core } from "./scene.ts";

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
