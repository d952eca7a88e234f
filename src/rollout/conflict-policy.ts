/** What becomes of fields that others write too: by the rules of the app, and by what everybody expects. */

import type { ConflictRule } from "../model/app.ts";
import type { KubernetesObject } from "../model/resource.ts";
import { isWithin } from "./field-path.ts";
import { ignoredFields } from "./ignored-fields.ts";

export interface ConflictPaths {
  /** Left to whoever else writes them, and never drift; sorted, so that they can be part of a hash. */
  readonly yields: readonly string[];
  /** Where another manager's hand ends the deployment before it begins. */
  readonly fails: readonly string[];
}

/** The first rule that names a path counts; what no rule names is yielded where it is others' business by its nature. */
export function conflictPaths(
  rules: readonly ConflictRule[],
  object: KubernetesObject,
  all: readonly KubernetesObject[],
): ConflictPaths {
  const own = rules.filter(({ kinds }) => kinds === undefined || kinds.includes(object.kind));
  const decided: string[] = [];
  const of = { take: [], yield: [], fail: [] } as Record<ConflictRule["policy"], string[]>;
  for (const { paths, policy } of own) {
    const open = paths.filter((path) => !isWithin(path, decided));
    of[policy].push(...open);
    decided.push(...open);
  }
  const natural = ignoredFields(object, all).filter((path) => !isWithin(path, decided));
  return { yields: [...new Set([...natural, ...of.yield])].sort(), fails: of.fail };
}
