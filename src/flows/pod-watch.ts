/** Follows the pods of workloads while a rollout is on its way, so that it can be told why they do not come up. */

import type { KubernetesObject } from "../model/resource.ts";
import type { Cluster, Watch } from "../ports/cluster.ts";
import { isRecord, valueAt } from "../rollout/json-path.ts";
import { type PodTrouble, podTrouble } from "../rollout/pod-trouble.ts";

export interface PodWatches {
  /** Why the pods of a workload do not come up; null where nothing is known. The first call begins to watch them. */
  trouble(app: string, workload: KubernetesObject): PodTrouble | null;
  /** The app's rollout is over: nobody needs to know any more. */
  calm(app: string): void;
  stop(): void;
}

interface Followed {
  readonly app: string;
  readonly watch: Watch;
  readonly pods: ReadonlyMap<string, KubernetesObject>;
}

const podKind = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true };

/** `changed` is called for an app whenever another answer is to be had. */
export function createPodWatches(cluster: Cluster, changed: (app: string) => void): PodWatches {
  const followed = new Map<string, Followed>();
  const end = (ends: (each: Followed) => boolean): void => {
    for (const [key, each] of followed) {
      if (!ends(each)) continue;
      each.watch.stop();
      followed.delete(key);
    }
  };
  return {
    trouble(app, workload) {
      const selector = podSelector(workload);
      if (selector === null) return null;
      const key = `${app} ${workload.metadata.namespace ?? ""} ${selector}`;
      const known =
        followed.get(key) ?? follow(cluster, workload, { app, selector, changed: () => changed(app) });
      followed.set(key, known);
      return podTrouble([...known.pods.values()]);
    },
    calm: (app) => end((each) => each.app === app),
    stop: () => end(() => true),
  };
}

/** Null for what has no pods, and for a selector of expressions alone, which few workloads have. */
function podSelector(workload: KubernetesObject): string | null {
  if (workload.kind === "Job") return `job-name=${workload.metadata.name}`;
  const labels = valueAt(workload, "spec", "selector", "matchLabels");
  if (!isRecord(labels) || Object.keys(labels).length === 0) return null;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
    .join(",");
}

interface Follow {
  readonly app: string;
  readonly selector: string;
  readonly changed: () => void;
}

function follow(
  cluster: Cluster,
  { metadata }: KubernetesObject,
  { app, selector, changed }: Follow,
): Followed {
  const pods = new Map<string, KubernetesObject>();
  let told = "";
  const take: Parameters<Cluster["watch"]>[2] = (event) => {
    if (event.type === "synced") return;
    const { name } = event.object.metadata;
    if (event.type === "gone") pods.delete(name);
    else pods.set(name, trimmed(event.object));
    const now = podTrouble([...pods.values()])?.text ?? "";
    if (now !== told) changed();
    told = now;
  };
  const watch = cluster.watch(podKind, selector, take, { namespace: metadata.namespace });
  return { app, watch, pods };
}

/** Only what is looked at. */
function trimmed({ apiVersion, kind, metadata, status }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, creationTimestamp } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, creationTimestamp }, status };
}
