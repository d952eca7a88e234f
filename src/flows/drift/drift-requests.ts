/** The agreement with the command flow about what is asked for on a drift issue: it checks who asks and reacts, we do it and react again. */

import { parseCommand } from "../../commands/parse.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { IssueComment, Reaction, RepositoryForge } from "../../ports/forge.ts";
import { replyOnce } from "../command/command-reply.ts";

export type DriftCommand = "heal" | "ignore" | "adopt";

export interface DriftRequest {
  readonly comment: IssueComment;
  readonly command: DriftCommand;
  /** What follows the name of the command. */
  readonly words: string;
  /** Every comment of the issue. */
  readonly thread: readonly IssueComment[];
}

const known: ReadonlySet<string> = new Set(["heal", "ignore", "adopt"] satisfies DriftCommand[]);

/**
 * Comments on a drift issue that ask for something, were accepted by the command flow (our `rocket`, after it had looked up
 * what the author may do), are as they were then, and are not answered yet (our `+1`, `-1` or `confused`).
 */
export async function openRequests(
  forge: RepositoryForge,
  issue: number,
): Promise<Result<readonly DriftRequest[]>> {
  const comments = await forge.issues.comments(issue);
  if (!comments.ok) return comments;
  const open: DriftRequest[] = [];
  for (const comment of comments.value) {
    const parsed = parseCommand(comment.body);
    const edited = comment.updatedAt !== comment.createdAt;
    if (comment.ours || comment.author.bot || edited || parsed.type !== "command") continue;
    if (!known.has(parsed.command.name)) continue;
    const reactions = await forge.issues.reactions(comment.id);
    if (!reactions.ok) return reactions;
    const has = (reaction: Reaction): boolean => reactions.value.includes(reaction);
    if (!has("rocket") || has("+1") || has("-1") || has("confused")) continue;
    const command = parsed.command.name as DriftCommand;
    open.push({ comment, command, words: parsed.words, thread: comments.value });
  }
  return ok(open);
}

/** Says what came of it, in words where there are any. */
export async function answerRequest(
  { issues }: RepositoryForge,
  { comment, thread }: DriftRequest,
  reaction: Reaction,
  blocks: readonly string[] = [],
): Promise<Result<void>> {
  const replied = blocks.length === 0 ? ok(undefined) : await replyOnce(issues, thread, comment, blocks);
  return replied.ok ? issues.react(comment.id, reaction) : replied;
}
