/** The built-in kinds that hold a pod spec, and lists of them. */

import { type Node, type YAMLMap, isAlias, isMap, isScalar, isSeq } from "yaml";
import type { NodePath, Place, Shape } from "./shape.ts";

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

export const workload: Shape = (root) => objectPlaces(root, []);

function* objectPlaces(object: YAMLMap, path: NodePath): Iterable<Place> {
  const kind = textAt(object, "kind");
  const apiVersion = textAt(object, "apiVersion");
  if (kind === "List" && apiVersion === "v1") {
    yield* itemsAt(object, ["items"], path, objectPlaces);
    return;
  }
  const known = Object.hasOwn(podSpecs, kind) ? podSpecs[kind] : undefined;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  if (known === undefined || apiVersion === "" || !known.groups.includes(group)) return;
  if (isEncrypted(object)) {
    yield { type: "skipped", node: object, reason: "encrypted by SOPS: an edit would break its checksum" };
    return;
  }
  for (const [list, image] of imageLists) {
    yield* itemsAt(object, [...known.path, list], path, (item, at) => imagePlace(item, image, at));
  }
}

/** SOPS signs the whole document unless told to sign the encrypted values only. https://getsops.io/docs/#message-authentication-code */
function isEncrypted(object: YAMLMap): boolean {
  const sops = object.get("sops", true);
  return isMap(sops) && sops.has("mac") && sops.get("mac_only_encrypted") !== true;
}

type Visit = (item: YAMLMap, path: NodePath) => Iterable<Place>;

function* itemsAt(object: YAMLMap, keys: NodePath, path: NodePath, visit: Visit): Iterable<Place> {
  const found = descend(object, keys);
  if (found === null) return;
  if ("reason" in found) {
    yield { type: "skipped", ...found };
    return;
  }
  if (!isSeq(found.node)) return;
  for (const [index, item] of found.node.items.entries()) {
    if (isMap(item)) yield* visit(item, [...path, ...keys, index]);
    else if (isAlias(item)) yield { type: "skipped", node: item, reason: aliasReason };
  }
}

function* imagePlace(item: YAMLMap, keys: NodePath, path: NodePath): Iterable<Place> {
  const found = descend(item, keys);
  if (found === null) {
    if (item.has("<<")) yield { type: "skipped", node: item, reason: "takes its image through a merge key" };
    return;
  }
  if ("reason" in found) yield { type: "skipped", ...found };
  else if (isScalar(found.node)) {
    yield { type: "reference", path: [...path, ...keys], scalar: found.node };
  } else yield { type: "skipped", node: found.node, reason: "not text: a template, or a mistake" };
}

const aliasReason = "an alias: its value stands at the anchor";

/** The node at the keys; a reason where an alias or a doubled key on the way leaves open what would be edited. */
function descend(object: YAMLMap, keys: NodePath): { node: Node } | { node: Node; reason: string } | null {
  let node: Node = object;
  for (const key of keys) {
    if (!isMap(node)) return null;
    const pairs = node.items.filter((pair) => isScalar(pair.key) && pair.key.value === key);
    const value: unknown = pairs[0]?.value;
    if (pairs.length > 1) return { node, reason: `"${key}" is given twice` };
    if (isAlias(value)) return { node: value, reason: aliasReason };
    if (!isScalar(value) && !isMap(value) && !isSeq(value)) return null;
    node = value;
  }
  return { node };
}

function textAt(object: YAMLMap, key: string): string {
  const value = object.get(key);
  return typeof value === "string" ? value : "";
}
