/** Replies to commands: one for each comment, however often the flow runs. */

import { type Result, ok } from "../../model/failure.ts";
import type { IssueComment, Issues } from "../../ports/forge.ts";
import { fitBlocks } from "../../text/markdown.ts";
import { makeMarker, readMarker } from "../../text/marker.ts";

const kind = "reply";

/** Replies to `comment` unless one of `thread`, the comments of its issue, is our reply to it already. */
export async function replyOnce(
  issues: Issues,
  thread: readonly IssueComment[],
  comment: IssueComment,
  blocks: readonly string[],
): Promise<Result<void>> {
  if (thread.some((other) => other.ours && answers(other.body, comment.id))) return ok(undefined);
  const body = fitBlocks(blocks, makeMarker(kind, { comment: comment.id }));
  const posted = await issues.comment(comment.issue, body);
  return posted.ok ? ok(undefined) : posted;
}

function answers(body: string, comment: number): boolean {
  const value = readMarker(body, kind);
  return typeof value === "object" && value !== null && "comment" in value && value.comment === comment;
}
