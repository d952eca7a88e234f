/** From the text of the cluster-side targets file to the targets, or to everything that is wrong with it. */

import type { Target } from "./config.ts";
import { type Parsed, parseSettings } from "./parse-config.ts";
import { targetsSchema } from "./target-schema.ts";

/** Reads a targets file; `file` only names it in problems. */
export function parseTargets(text: string, file: string): Parsed<readonly Target[]> {
  const parsed = parseSettings(text, file, targetsSchema);
  if (!parsed.ok) return parsed;
  const targets = parsed.value.targets.map((target) => ({
    repository: target.repository,
    paths: target.paths,
    namespaces: target.namespaces,
    allowedKinds: target.kinds.allow,
    serviceAccount: target.serviceAccount,
    baseline: target.baseline,
    floor: target.floor ?? null,
  }));
  return { ...parsed, value: targets };
}

/**
 * Where workloads are rolled when their configuration changes: globs over namespaces, those of targets that say so among
 * them. None by default: only there are Secrets read.
 */
export function parseReloadNamespaces(text: string, file: string): Parsed<readonly string[]> {
  const parsed = parseSettings(text, file, targetsSchema);
  if (!parsed.ok) return parsed;
  const { targets, reload } = parsed.value;
  const ofTargets = targets.flatMap((target) => (target.reload ? target.namespaces : []));
  return { ...parsed, value: [...new Set([...(reload?.namespaces ?? []), ...ofTargets])] };
}
