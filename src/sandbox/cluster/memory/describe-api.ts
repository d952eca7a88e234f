/** Discovery: which groups, versions and kinds there are. */

import { type ServedKind, apiVersionOf, servedKinds } from "./served-kinds.ts";

/** What `/version` says; the part after the plus tells what it really is. */
export const memoryVersion = "v1.31.0+sandbox";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** The document at a discovery path; null for any other path. */
export function describeApi(path: string): unknown {
  if (path === "/version") {
    return {
      major: "1",
      minor: "31",
      gitVersion: memoryVersion,
      platform: `${process.platform}/${process.arch}`,
    };
  }
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (path === "/apis") {
    return { kind: "APIGroupList", apiVersion: "v1", groups: [...groups].map(groupOf) };
  }
  const [, root, group = "", version, more] = path.split("/");
  if (root === "api" && version === undefined) return resources("", group);
  if (root !== "apis" || more !== undefined) return null;
  if (version !== undefined) return resources(group, version);
  const versions = groups.get(group);
  return versions ? { kind: "APIGroup", apiVersion: "v1", ...groupOf([group, versions]) } : null;
}

/** Without the core group, which has a root of its own. */
const groups: ReadonlyMap<string, readonly string[]> = new Map(
  servedKinds.filter(({ group }) => group !== "").map(({ group, versions }) => [group, versions]),
);

function groupOf([name, served]: readonly [string, readonly string[]]) {
  const versions = served.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function resources(group: string, version: string): unknown {
  const kinds = servedKinds.filter((kind) => kind.group === group && kind.versions.includes(version));
  if (kinds.length === 0) return null;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(group, version),
    resources: kinds.flatMap(describeKind),
  };
}

function describeKind(served: ServedKind) {
  const { plural, kind, namespaced, short, status, scale } = served;
  const whole = {
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs,
    ...(short.length > 0 ? { shortNames: short } : {}),
  };
  const part = (name: string, shown: string) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    kind: shown,
    verbs: ["get", "patch", "update"],
  });
  return [whole, ...(status ? [part("status", kind)] : []), ...(scale ? [part("scale", "Scale")] : [])];
}
