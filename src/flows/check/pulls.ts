/** The pulls flow: puts the head of every pull request onto the default branch, and of every entry of its merge queue, on ours. */

import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import { guardOf } from "./branch-guard.ts";
import { queuePrefix } from "./check-group.ts";
import type { World } from "../world.ts";

export type PullsKey = Extract<Key, { flow: "pulls" }>;

export async function pulls(world: World, { repository }: PullsKey): Promise<Result<void>> {
  const forge = world.forge.open(repository, "check");
  const head = await forge.code.head();
  if (!head.ok) return head;
  const open = await forge.pulls.open(head.value.branch);
  if (!open.ok) return open;
  await guardOf(world, repository, forge, head.value.branch);
  const queued = await forge.code.branches(`${queuePrefix}${head.value.branch}/`);
  if (!queued.ok) return queued;
  const heads = new Set(open.value.map((pull) => pull.headSha));
  for (const sha of new Set([...heads, ...queued.value.values()]))
    world.queue.add({ flow: "check", repository, sha });
  for (const sha of world.cluster === null ? [] : heads) world.queue.add({ flow: "plan", repository, sha });
  return ok(undefined);
}
