/** The agreement with the command flow about `/lockkeeper heal`: it checks who asks and reacts, we do it and react again. */

import { type Result, ok } from "../model/failure.ts";
import type { Reaction, RepositoryForge } from "../ports/forge.ts";

const heal = /^\s*\/lockkeeper\s+heal\b/i;

/**
 * Comments on a drift issue that ask to heal, were accepted by the command flow (our `rocket`, after it had looked up what
 * the author may do) and are not answered yet (our `+1` or `confused`). Ids of comments.
 */
export async function openHealRequests(
  forge: RepositoryForge,
  issue: number,
): Promise<Result<readonly number[]>> {
  const comments = await forge.issues.comments(issue);
  if (!comments.ok) return comments;
  const open: number[] = [];
  for (const comment of comments.value) {
    if (comment.ours || comment.author.bot || !heal.test(comment.body.split(/\r?\n/)[0] ?? "")) continue;
    const reactions = await forge.issues.reactions(comment.id);
    if (!reactions.ok) return reactions;
    const has = (reaction: Reaction): boolean => reactions.value.includes(reaction);
    if (has("rocket") && !has("+1") && !has("confused")) open.push(comment.id);
  }
  return ok(open);
}

/** Says that what was asked for has been done, or that it was tried and something stays as it is. */
export async function answerHealRequests(
  forge: RepositoryForge,
  comments: readonly number[],
  done: boolean,
): Promise<Result<void>> {
  for (const id of comments) {
    const reacted = await forge.issues.react(id, done ? "+1" : "confused");
    if (!reacted.ok) return reacted;
  }
  return ok(undefined);
}
