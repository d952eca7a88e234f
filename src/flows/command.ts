/** The command flow: an answer for every command comment of one thread. */

import { answer } from "../commands/answer.ts";
import type { Place } from "../commands/command.ts";
import { parseCommand } from "../commands/parse.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import type { IssueComment, Reaction, RepositoryForge } from "../ports/forge.ts";
import { type Given, type Outcome, perform } from "./command-effect.ts";
import { placeOf } from "./command-place.ts";
import { replyOnce } from "./command-reply.ts";
import type { World } from "./world.ts";

export type CommandKey = Extract<Key, { flow: "command" }>;

/** With one of these a comment has its answer; `rocket` says that it was accepted and work is under way. */
const answered: readonly Reaction[] = ["+1", "-1", "confused"];

/**
 * Answers what has no answer yet, oldest first. Which ones those are stands at the comments themselves, as our reactions:
 * whatever was interrupted goes on from there.
 */
export async function command(world: World, { repository, number }: CommandKey): Promise<Result<void>> {
  const forge = world.forge.open(repository, "command");
  const thread = await forge.issues.comments(number);
  if (!thread.ok) return thread.failure.code === "not-found" ? ok(undefined) : thread;
  const given = thread.value.filter(gives);
  if (given.length === 0) return ok(undefined);
  const self = await world.forge.self();
  if (!self.ok) return self;
  const place = await placeOf(forge, repository, number, self.value);
  if (!place.ok) return place;
  for (const comment of given) {
    const all = { world, repository, issues: forge.issues, comment, thread: thread.value };
    const handled = await handle(forge, all, place.value);
    if (!handled.ok) return handled;
  }
  return ok(undefined);
}

/** An edited comment is no command: whoever may edit would give it in another's name. */
function gives(comment: IssueComment): boolean {
  const untouched = comment.updatedAt === comment.createdAt;
  return untouched && !comment.author.bot && !comment.ours && parseCommand(comment.body).type !== "none";
}

async function handle(forge: RepositoryForge, given: Given, place: Place): Promise<Result<void>> {
  const { comment, issues, thread } = given;
  const parsed = parseCommand(comment.body);
  const reactions = await issues.reactions(comment.id);
  if (!reactions.ok) return reactions;
  if (parsed.type === "none" || reactions.value.some((reaction) => answered.includes(reaction)))
    return ok(undefined);
  const { login } = comment.author;
  const permission = await forge.people.permission(login);
  if (!permission.ok) return permission;
  const decided = answer(parsed, place, { login, permission: permission.value });
  if (decided.type === "run") {
    const outcomes: Outcome[] = [];
    for (const effect of decided.effects) {
      const outcome = await perform(given, effect);
      if (!outcome.ok) return outcome;
      outcomes.push(outcome.value);
    }
    if (outcomes.includes("handed-on")) return ok(undefined);
    return issues.react(comment.id, outcomes.includes("refused") ? "-1" : "+1");
  }
  const replied = await replyOnce(issues, thread, comment, [decided.markdown]);
  return replied.ok ? issues.react(comment.id, decided.reaction) : replied;
}
