/** Hooks of Helm: objects that are no part of the release but are run before or after something is done with it. */

import type { KubernetesObject } from "../model/resource.ts";

/** https://helm.sh/docs/topics/charts_hooks/; `test` for what is only run by `helm test`, null for what is no hook. */
export function hookOf(object: KubernetesObject): string | null {
  const said = object.metadata.annotations?.["helm.sh/hook"];
  if (typeof said !== "string") return null;
  const hooks = said.split(",").map((hook) => hook.trim());
  if (hooks.every((hook) => /^test(?:-success|-failure)?$/.test(hook))) return "test";
  return `is a hook of Helm (${hooks.filter((hook) => /^[a-z-]+$/.test(hook)).join(", ")}), and nothing here runs those: switch it off in the values, or make it an ordinary object`;
}
