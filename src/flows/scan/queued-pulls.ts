/** Keeps the hands off pull requests that stand in a merge queue: a change would throw them out. */

import { type Result, ok } from "../../model/failure.ts";
import type { Action } from "../../plan/reconcile.ts";
import type { Bench } from "./scan-write.ts";

/** Asks once, and only where an open pull request is to be changed. */
export async function spareQueued(
  { forge, head }: Bench,
  actions: readonly Action[],
): Promise<Result<readonly Action[]>> {
  if (!actions.some((action) => changed(action) !== null)) return ok(actions);
  const queued = await forge.merges.queued(head.branch);
  if (!queued.ok) return queued;
  return ok(
    actions.map((action): Action => {
      const pull = changed(action);
      if (pull === null || !queued.value.has(pull.number)) return action;
      return { type: "leave", pull, reason: "it is in the merge queue" };
    }),
  );
}

/** The open pull request that an action changes. */
function changed(action: Action): Extract<Action, { type: "close" }>["pull"] | null {
  if (action.type === "open" || action.type === "wait" || action.type === "leave") return null;
  return action.pull;
}
