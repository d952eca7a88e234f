/** How lists merge: which are maps by a key, which are sets, and which maps are one value (the tables of the API types). */

/** Keys of the items of a list, a set of scalars, or one value that only one manager owns. */
export type ListShape = readonly string[] | "set" | "atomic";

const byField = new Map<string, ListShape>(
  Object.entries({
    containers: ["name"],
    initContainers: ["name"],
    ephemeralContainers: ["name"],
    env: ["name"],
    volumes: ["name"],
    volumeMounts: ["mountPath"],
    volumeDevices: ["devicePath"],
    imagePullSecrets: ["name"],
    secrets: ["name"],
    hostAliases: ["ip"],
    topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
    conditions: ["type"],
    ownerReferences: ["uid"],
    finalizers: "set",
  }),
);

const atomicMaps = new Set([
  "selector",
  "nodeSelector",
  "configMapKeyRef",
  "secretKeyRef",
  "fieldRef",
  "resourceFieldRef",
  "labelSelector",
  "roleRef",
  "scaleTargetRef",
  "podSelector",
  "claimRef",
]);

/** What a key field is when an item leaves it out. */
export const keyDefaults: Readonly<Record<string, string>> = { protocol: "TCP" };

/** `path` is made of `f:name` and `k:{…}` segments and ends with the list. */
export function listShape(path: readonly string[]): ListShape {
  const field = path.at(-1)?.slice(2) ?? "";
  if (field === "ports") {
    if (path.includes("f:containers") || path.includes("f:initContainers"))
      return ["containerPort", "protocol"];
    return path.length === 2 ? ["port", "protocol"] : "atomic";
  }
  return byField.get(field) ?? "atomic";
}

export function isAtomicMap(path: readonly string[]): boolean {
  const last = path.at(-1) ?? "";
  return last.startsWith("f:") && atomicMaps.has(last.slice(2));
}
