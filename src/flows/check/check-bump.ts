/** What the check flow knows of a pull request of ours beside its verdict: whether it merges by itself. */

import { configPath } from "../../config/config.ts";
import type { Comparison, PullRequest } from "../../model/pull.ts";
import { mergesByItself } from "../../plan/automerge.ts";
import type { Change } from "../../signoff/facts.ts";
import type { Bench } from "./check-bench.ts";
import { isOwnBump } from "../scan/own-pull.ts";
import { isAllOurs } from "../scan/scan-branch.ts";

export interface OwnBump {
  readonly pull: PullRequest;
  /** The configuration lets all of it merge by itself. */
  readonly automerge: boolean;
  /** The default branch has moved on since its branch was built, and nobody else has pushed to it. */
  readonly behind: boolean;
}

/** Whether the kinds of its changes decide anything. */
export function mayMergeByItself(bench: Bench, pull: PullRequest): boolean {
  const { policy } = bench;
  return policy.type === "rules" && policy.config.pulls.automerge.size > 0 && isOwnBump(bench, pull);
}

/** Undefined for a pull request that is not ours. `change` is told from its content, so that no marker is believed. */
export function ownBump(
  bench: Bench,
  pull: PullRequest,
  comparison: Comparison,
  change: Pick<Change, "kinds" | "apps" | "paths">,
): OwnBump | undefined {
  if (!isOwnBump(bench, pull)) return undefined;
  const { policy, self } = bench;
  const { kinds, apps, paths } = change;
  const within = paths.every((path) => path !== configPath && apps.some((app) => app.paths.includes(path)));
  const environments = apps.map(({ environment }) => environment);
  const unedited = isAllOurs(comparison, self);
  const automerge =
    policy.type === "rules" &&
    !pull.draft &&
    within &&
    unedited &&
    mergesByItself(policy.config.pulls.automerge, kinds, environments);
  return { pull, automerge, behind: unedited && comparison.mergeBase !== comparison.base };
}
