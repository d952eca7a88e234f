/** Finds lists that name one item twice: server-side apply answers such a list with an error that names no line. */

import { type KubernetesObject, groupOf } from "../model/resource.ts";
import { type JsonRecord, isRecord } from "./json-path.ts";

/** By the name of the list: what tells its items apart (the merge keys of the API types). */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  imagePullSecrets: ["name"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  webhooks: ["name"],
};

/** The first such list of a built-in kind and the keys that are there twice, as half a sentence; null where there is none. */
export function duplicateItem(object: KubernetesObject): string | null {
  const group = groupOf(object.apiVersion);
  if (group.includes(".") && !group.endsWith(".k8s.io")) return null;
  return firstBelow(object, "", object.kind === "Service");
}

function firstBelow(value: unknown, path: string, service: boolean): string | null {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return firstOf(items.map((item, index) => () => firstBelow(item, `${path}[${index}]`, service)));
  }
  if (!isRecord(value)) return null;
  return firstOf(
    Object.entries(value).map(([key, member]) => () => {
      const here = path === "" ? key : `${path}.${key}`;
      return twiceIn(member, here, keysOf(key, member, service)) ?? firstBelow(member, here, service);
    }),
  );
}

function firstOf(looks: readonly (() => string | null)[]): string | null {
  for (const look of looks) {
    const found = look();
    if (found !== null) return found;
  }
  return null;
}

/** Ports are keyed in containers and Services only; those of a NetworkPolicy may repeat. */
function keysOf(name: string, list: unknown, service: boolean): readonly string[] | undefined {
  if (name !== "ports" || !Array.isArray(list)) return listKeys[name];
  if (list.some((item) => isRecord(item) && "containerPort" in item)) return ["containerPort", "protocol"];
  return service ? ["port", "protocol"] : undefined;
}

function twiceIn(list: unknown, path: string, keys: readonly string[] | undefined): string | null {
  if (!Array.isArray(list) || keys === undefined) return null;
  const seen = new Set<string>();
  for (const item of list.filter(isRecord)) {
    const text = keyText(item, keys);
    if (seen.has(text)) return `${path} has two items with ${text}`;
    seen.add(text);
  }
  return null;
}

function keyText(item: JsonRecord, keys: readonly string[]): string {
  return keys
    .filter((key) => item[key] !== undefined)
    .map((key) => `${key} ${JSON.stringify(item[key])}`)
    .join(" and ");
}
