/** Follows the pods of workloads while a rollout is on its way, so that it can be told why they do not come up. */

import type { KubernetesObject } from "../../model/resource.ts";
import type { Cluster, Watch, WatchEvent } from "../../ports/cluster.ts";
import { isRecord, valueAt } from "../../rollout/json-path.ts";
import { type PodTrouble, podTrouble } from "../../rollout/pod-trouble.ts";

export interface PodWatches {
  /** Why the pods of a workload do not come up; null where nothing is known. The first call begins to watch them. */
  trouble(app: string, workload: KubernetesObject): PodTrouble | null;
  /** The app's rollout is over: nobody needs to know any more. */
  calm(app: string): void;
  stop(): void;
}

const podKind = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true };

/** `changed` is called for an app whenever another answer is to be had. */
export function createPodWatches(cluster: Cluster, changed: (app: string) => void): PodWatches {
  /** By app, then by namespace: hundreds of workloads that come up at once are one watch. */
  const followed = new Map<string, Map<string, Followed>>();
  const end = (app: string): void => {
    for (const each of followed.get(app)?.values() ?? []) each.watch.stop();
    followed.delete(app);
  };
  return {
    trouble(app, workload) {
      const labels = podLabels(workload);
      if (labels === null) return null;
      const { namespace = "" } = workload.metadata;
      const spaces = followed.get(app) ?? new Map<string, Followed>();
      const known = spaces.get(namespace) ?? new Followed(cluster, namespace, () => changed(app));
      followed.set(app, spaces.set(namespace, known));
      return known.trouble(labels);
    },
    calm: end,
    stop: () => [...followed.keys()].forEach(end),
  };
}

type Labels = readonly (readonly [string, unknown])[];

/** Null for what has no pods, and for a selector of expressions alone, which few workloads have. */
function podLabels(workload: KubernetesObject): Labels | null {
  if (workload.kind === "Job") return [["job-name", workload.metadata.name]];
  const labels = valueAt(workload, "spec", "selector", "matchLabels");
  return isRecord(labels) && Object.keys(labels).length > 0 ? Object.entries(labels) : null;
}

/** The pods of one namespace, and the workloads that were asked about. */
class Followed {
  readonly watch: Watch;
  readonly #pods = new Map<string, KubernetesObject>();
  readonly #asked = new Map<string, { readonly labels: Labels; told: string }>();
  readonly #changed: () => void;

  constructor(cluster: Cluster, namespace: string, changed: () => void) {
    this.#changed = changed;
    this.watch = cluster.watch(podKind, "", (event) => this.#take(event), { namespace });
  }

  trouble(labels: Labels): PodTrouble | null {
    const found = podTrouble([...this.#pods.values()].filter((pod) => isOf(pod, labels)));
    this.#asked.set(JSON.stringify(labels), { labels, told: found?.text ?? "" });
    return found;
  }

  #take(event: WatchEvent): void {
    if (event.type === "synced") return;
    const pod = trimmed(event.object);
    if (event.type === "gone") this.#pods.delete(pod.metadata.name);
    else this.#pods.set(pod.metadata.name, pod);
    for (const asked of [...this.#asked.values()].filter(({ labels }) => isOf(pod, labels))) {
      const { told, labels } = asked;
      if ((this.trouble(labels)?.text ?? "") !== told) this.#changed();
    }
  }
}

function isOf({ metadata }: KubernetesObject, labels: Labels): boolean {
  return labels.every(([key, value]) => metadata.labels?.[key] === value);
}

/** Only what is looked at. */
function trimmed({ apiVersion, kind, metadata, status }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, creationTimestamp } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, creationTimestamp }, status };
}
