/** Hooks of Helm: objects that are no part of the release but are run before or after something is done with it. */

import type { KubernetesObject } from "../model/resource.ts";

/** Whether only `helm test` would run it. https://helm.sh/docs/topics/charts_hooks/ */
export function isTest(object: KubernetesObject): boolean {
  const said = object.metadata.annotations?.["helm.sh/hook"];
  if (typeof said !== "string") return false;
  return said.split(",").every((hook) => /^\s*test(?:-success|-failure)?\s*$/.test(hook));
}
