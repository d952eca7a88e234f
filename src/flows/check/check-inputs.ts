/** Which apps read a file that a pull request changes, before it or after it. */

import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { type ReadsByApp, isReadBy, readsOf } from "../deploy/app-reads.ts";
import type { Bench } from "./check-bench.ts";
import { judgedApps } from "../policy.ts";

/** Whether an app reads a file outside its folder. */
export type IsRead = (app: App, path: string) => boolean;

/**
 * By the tip of the default branch and by the head of the pull request. The head's files are only fetched where it changes one
 * that names others, or adds one that is named already: everything else leaves the inputs as they are.
 */
export async function readInputsOfApps(
  { policy, forge, threads }: Bench,
  headSha: string,
  paths: readonly string[],
): Promise<Result<IsRead>> {
  if (policy.type === "broken") return ok(() => false);
  const apps = judgedApps(policy, paths);
  const base = await forge.code.snapshot(policy.base.sha);
  if (!base.ok) return base;
  const { files } = base.value;
  const before = await readsOf(threads, files, apps);
  const moved = apps.filter(({ path }) => {
    const own = before.get(path) ?? null;
    return (
      own === null || paths.some((file) => own.naming.has(file) || (!files.has(file) && own.named.has(file)))
    );
  });
  if (moved.length === 0) return ok(readBy([before]));
  const head = await forge.code.snapshot(headSha);
  if (!head.ok) return head;
  return ok(readBy([before, await readsOf(threads, head.value.files, moved)]));
}

function readBy(sides: readonly ReadsByApp[]): IsRead {
  return (app, file) =>
    sides.some((reads) => {
      const own = reads.get(app.path);
      return own === null || (own !== undefined && isReadBy(own, file));
    });
}
