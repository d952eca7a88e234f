/** The built-in kinds that hold a pod spec. */

import { type Cursor, type NodePath, descend, itemsOf, textAt } from "./cursor.ts";
import type { Place, Shape } from "./shape.ts";

/** Where each kind of which API groups has its pod spec. https://kubernetes.io/docs/reference/kubernetes-api/ */
const podSpecs: Readonly<Record<string, { readonly groups: readonly string[]; readonly path: NodePath }>> = {
  Pod: { groups: [""], path: ["spec"] },
  PodTemplate: { groups: [""], path: ["template", "spec"] },
  ReplicationController: { groups: [""], path: ["spec", "template", "spec"] },
  Deployment: { groups: ["apps", "extensions"], path: ["spec", "template", "spec"] },
  StatefulSet: { groups: ["apps"], path: ["spec", "template", "spec"] },
  DaemonSet: { groups: ["apps", "extensions"], path: ["spec", "template", "spec"] },
  ReplicaSet: { groups: ["apps", "extensions"], path: ["spec", "template", "spec"] },
  Job: { groups: ["batch"], path: ["spec", "template", "spec"] },
  CronJob: { groups: ["batch"], path: ["spec", "jobTemplate", "spec", "template", "spec"] },
};

/** The lists of a pod spec whose items name an image, and where in the item. */
const imageLists: readonly (readonly [list: string, image: NodePath])[] = [
  ["initContainers", ["image"]],
  ["containers", ["image"]],
  ["ephemeralContainers", ["image"]],
  ["volumes", ["image", "reference"]],
];

export const workload: Shape = (object) => {
  const kind = textAt(object, "kind");
  const known = Object.hasOwn(podSpecs, kind) ? podSpecs[kind] : undefined;
  const apiVersion = textAt(object, "apiVersion");
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  if (known === undefined || apiVersion === "" || !known.groups.includes(group)) return [];
  const spec = descend(object, known.path);
  return spec === null ? [] : podPlaces(spec);
};

/** The images of a pod spec. */
export function podPlaces(spec: Cursor): readonly Place[] {
  return imageLists.flatMap(([list, image]) => {
    const items = descend(spec, [list]);
    if (items === null) return [];
    return itemsOf(items).flatMap((item): readonly Place[] => {
      const at = descend(item, image);
      return at === null ? [] : [{ type: "reference", at }];
    });
  });
}
