/** The two commits that a plan compares: the default branch as it is, and as the merge would leave it. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Comparison } from "../../model/pull.ts";
import type { Snapshot } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { mergeFiles } from "../../rollout/merge-files.ts";
import type { World } from "../world.ts";
import { changedPaths } from "../check/check-change.ts";
import { appsIn } from "../deploy/deploy-app.ts";

/** One side, with its apps by path. */
export interface Side {
  readonly snapshot: Snapshot;
  readonly apps: ReadonlyMap<string, App>;
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
  /** The head as it is stands for the merge, as the two are in conflict. */
  readonly conflict: boolean;
}

/** Fetches a third commit only where the head does not build on the tip of the default branch. */
export async function readSides(
  { threads }: Pick<World, "threads">,
  { code }: Pick<RepositoryForge, "code">,
  comparison: Comparison,
  sha: string,
): Promise<Result<Sides>> {
  const [base, head] = await Promise.all([code.snapshot(comparison.base), code.snapshot(sha)]);
  if (!base.ok) return base;
  if (!head.ok) return head;
  const merged = await mergedSnapshot(code, comparison, { base: base.value, head: head.value });
  if (!merged.ok) return merged;
  const after = merged.value ?? head.value;
  const sideOf = async (snapshot: Snapshot): Promise<Side> => {
    const apps = await appsIn(threads, snapshot);
    return { snapshot, apps: new Map(apps.map((app) => [app.path, app])) };
  };
  return ok({
    before: await sideOf(base.value),
    after: await sideOf(after),
    conflict: merged.value === null,
  });
}

/** Null where the merge is in conflict. */
async function mergedSnapshot(
  code: RepositoryForge["code"],
  { base: tip, mergeBase, files }: Comparison,
  { base, head }: { readonly base: Snapshot; readonly head: Snapshot },
): Promise<Result<Snapshot | null>> {
  if (mergeBase === tip) return ok(head);
  const origin = await code.snapshot(mergeBase);
  if (!origin.ok) return origin;
  return ok(mergeFiles({ origin: origin.value, base, head, paths: changedPaths(files) }));
}
