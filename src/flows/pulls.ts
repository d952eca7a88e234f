/** The pulls flow: puts every head commit of open pull requests onto the default branch on the queue, to be judged. */

import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import type { World } from "./world.ts";

export type PullsKey = Extract<Key, { flow: "pulls" }>;

export async function pulls(world: World, { repository }: PullsKey): Promise<Result<void>> {
  const forge = world.forge.open(repository, "check");
  const head = await forge.code.head();
  if (!head.ok) return head;
  const open = await forge.pulls.open(head.value.branch);
  if (!open.ok) return open;
  for (const sha of new Set(open.value.map((pull) => pull.headSha)))
    world.queue.add({ flow: "check", repository, sha });
  return ok(undefined);
}
