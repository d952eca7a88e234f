/** The command flow: an answer for every command comment of one thread. */

import { answer } from "../../commands/answer.ts";
import type { Place } from "../../commands/command.ts";
import { parseCommand } from "../../commands/parse.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Key } from "../../model/key.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { IssueComment, Reaction, RepositoryForge } from "../../ports/forge.ts";
import { perform } from "./command-effect.ts";
import type { Outcome } from "../given.ts";
import { placeOf } from "./command-place.ts";
import { replyOnce } from "./command-reply.ts";
import type { World } from "../world.ts";

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
  const place = await placeOf(world, repository, number, self.value);
  if (!place.ok) return place;
  for (const comment of given) {
    const all = { world, repository, forge, comment, thread: thread.value };
    const handled = await handle(all, place.value);
    if (!handled.ok) return handled;
  }
  return ok(undefined);
}

/** An edited comment is no command: whoever may edit would give it in another's name. */
function gives(comment: IssueComment): boolean {
  const untouched = comment.updatedAt === comment.createdAt;
  return untouched && !comment.author.bot && !comment.ours && parseCommand(comment.body).type !== "none";
}

/** One command comment and the thread that it stands in, oldest comment first. */
interface Commented {
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  readonly comment: IssueComment;
  readonly thread: readonly IssueComment[];
}

async function handle(commented: Commented, place: Place): Promise<Result<void>> {
  const { world, repository, forge, comment, thread } = commented;
  const { issues, people } = forge;
  const parsed = parseCommand(comment.body);
  const reactions = await issues.reactions(comment.id);
  if (!reactions.ok) return reactions;
  if (parsed.type === "none" || reactions.value.some((reaction) => answered.includes(reaction)))
    return ok(undefined);
  const { login } = comment.author;
  const permission = await people.permission(login);
  if (!permission.ok) return permission;
  const decided = answer(parsed, place, { login, permission: permission.value });
  const reply = (blocks: readonly string[]) => replyOnce(issues, thread, comment, blocks);
  if (decided.type === "run") {
    const accept = () => issues.react(comment.id, "rocket");
    const given = {
      world,
      repository,
      number: comment.issue,
      by: login,
      person: comment.author,
      at: comment.createdAt,
      accept,
      reply,
    };
    const outcomes: Outcome[] = [];
    for (const effect of decided.effects) {
      const outcome = await perform(given, effect);
      if (!outcome.ok) return outcome;
      outcomes.push(outcome.value);
    }
    if (outcomes.includes("handed-on")) return ok(undefined);
    return issues.react(comment.id, outcomes.includes("refused") ? "-1" : "+1");
  }
  const replied = await reply([decided.markdown]);
  return replied.ok ? issues.react(comment.id, decided.reaction) : replied;
}
