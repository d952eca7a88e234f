/** Which changes of images merge by themselves, once they are signed off and every required check passes. */

import type { Automerge } from "../config/pull-settings.ts";
import type { ChangeKind } from "../model/update.ts";

/** Whether every kind of change is named for every environment that it is made in. */
export function mergesByItself(
  automerge: Automerge,
  kinds: readonly ChangeKind[],
  environments: readonly string[],
): boolean {
  const named = environments.map((environment) => automerge.get(environment) ?? []);
  return (
    kinds.length > 0 && named.length > 0 && named.every((of) => kinds.every((kind) => of.includes(kind)))
  );
}
