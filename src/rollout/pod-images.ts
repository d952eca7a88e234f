/** The images that an object runs. */

import type { KubernetesObject } from "../model/resource.ts";
import { recordsAt, valueAt } from "./json-path.ts";

const podSpecs = [
  ["spec"],
  ["spec", "template", "spec"],
  ["spec", "jobTemplate", "spec", "template", "spec"],
] as const;
const lists = ["containers", "initContainers", "ephemeralContainers"];

/** As written, each once, of the pod specs of all built-in kinds and of custom kinds that are built alike. */
export function podImages(object: KubernetesObject): readonly string[] {
  const images = podSpecs.flatMap((path) => {
    const spec = valueAt(object, ...path);
    return lists.flatMap((list) => recordsAt(spec, list).map((container) => container["image"]));
  });
  return [...new Set(images.filter((image) => typeof image === "string"))];
}
