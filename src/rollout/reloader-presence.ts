/** Whether a Deployment is stakater/Reloader at work: two that roll the same workloads would do so twice. */

import type { KubernetesObject } from "../model/resource.ts";
import { numberAt, recordsAt, textAt } from "./json-path.ts";

const image = /(?:^|\/)stakater\/reloader(?:-ubi)?(?:[:@]|$)/;

/** By its image, or by the labels of its chart and manifests where the image comes from elsewhere. Scaled to none it is not at work. */
export function isReloader(deployment: KubernetesObject): boolean {
  if (numberAt(deployment, "spec", "replicas") === 0) return false;
  const containers = recordsAt(deployment, "spec", "template", "spec", "containers");
  if (containers.some((container) => image.test(textAt(container, "image") ?? ""))) return true;
  const labels = deployment.metadata.labels ?? {};
  const chart = labels["helm.sh/chart"] ?? labels["chart"] ?? "";
  return labels["app"] === "reloader-reloader" || /^reloader-v?\d/.test(chart);
}
