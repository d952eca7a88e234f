/** As much OpenAPI as lets kubectl leave validation and dry runs to the server. */

import { apiVersionOf, servedKinds } from "./served-kinds.ts";

const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string" },
}));

/** The document at a path below `/openapi/v3`; null for any other path. */
export function describeOpenApi(path: string): unknown {
  if (path === "/openapi/v3") {
    const roots = servedKinds.flatMap(({ group, versions }) =>
      versions.map((version) => rootOf(group, version)),
    );
    return {
      paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])),
    };
  }
  const found = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  return found === null ? null : documentOf(found[1] ?? "", found[2] ?? "");
}

function documentOf(group: string, version: string): unknown {
  const kinds = servedKinds.filter((kind) => kind.group === group && kind.versions.includes(version));
  if (kinds.length === 0) return null;
  const paths = kinds.map(({ kind, plural, namespaced }) => {
    const path = `/${rootOf(group, version)}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}/{name}`;
    const patch = { parameters, "x-kubernetes-group-version-kind": { group, version, kind }, responses: {} };
    return [path, { patch }];
  });
  const info = { title: "Kubernetes", version: apiVersionOf(group, version) };
  return { openapi: "3.0.0", info, paths: Object.fromEntries(paths) as object, components: { schemas: {} } };
}

function rootOf(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}
