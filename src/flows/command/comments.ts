/** The comments flow: puts every thread with a recent command on the queue, so that none is lost with its webhook. */

import { isCommand } from "../../commands/parse.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import type { World } from "../world.ts";

export type CommentsKey = Extract<Key, { flow: "comments" }>;

/** Who waited longer than this for an answer has asked again. */
const lookBackHours = 24;

export async function comments(world: World, { repository }: CommentsKey): Promise<Result<void>> {
  const since = new Date(world.clock.now().getTime() - lookBackHours * 3_600_000).toISOString();
  const recent = await world.forge.open(repository, "command").issues.recentComments(since);
  if (!recent.ok) return recent;
  const commands = recent.value.filter((comment) => !comment.author.bot && isCommand(comment.body));
  for (const number of new Set(commands.map((comment) => comment.issue)))
    world.queue.add({ flow: "command", repository, number });
  return ok(undefined);
}
