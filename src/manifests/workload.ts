/** The built-in kinds that hold a pod spec. */

import { type Cursor, childOf, descend, itemsOf, textAt, textOf } from "./cursor.ts";
import type { NodePath } from "./node-path.ts";
import { isImageText } from "./image-text.ts";
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

/** The images of a pod spec, and those that its containers are told of: what an operator runs comes to it that way. */
export function podPlaces(spec: Cursor): readonly Place[] {
  return imageLists.flatMap(([list, image]) => {
    const items = descend(spec, [list]);
    if (items === null) return [];
    return itemsOf(items).flatMap((item): readonly Place[] => {
      const at = descend(item, image);
      const own: readonly Place[] = at === null ? [] : [{ type: "reference", at }];
      return [...own, ...variablePlaces(item), ...argumentPlaces(item)];
    });
  });
}

function variablePlaces(container: Cursor): readonly Place[] {
  return listAt(container, "env").flatMap((variable): readonly Place[] => {
    const at = childOf(variable, "value");
    const isImage = at !== null && isImageText(textOf(at) ?? "", textAt(variable, "name"));
    return isImage ? [{ type: "reference", at }] : [];
  });
}

/** `--sidecar-image=quay.io/acme/sidecar:1.0.0`, or the reference alone: whether it has to move too only the program knows. */
function argumentPlaces(container: Cursor): readonly Place[] {
  const words = ["command", "args"].flatMap((key) => listAt(container, key));
  return words.flatMap((word): readonly Place[] => {
    const text = textOf(word) ?? "";
    const flag = /^--?[\w.-]+=/.exec(text)?.[0] ?? "";
    const isImage = isImageText(text.slice(flag.length), flag);
    return isImage ? [{ type: "skipped", at: word.node, reason: "an image in an argument" }] : [];
  });
}

function listAt(container: Cursor, key: string): readonly Cursor[] {
  const list = childOf(container, key);
  return list === null ? [] : itemsOf(list);
}
