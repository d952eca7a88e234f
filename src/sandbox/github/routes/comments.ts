/** Comments on issues and on the conversation of pull requests. */

import { appOf } from "../actor.ts";
import { announce } from "../announce.ts";
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import { text } from "../input.ts";
import { paginate } from "../page.ts";
import { presentComment, presentIssue } from "../present/issue.ts";
import type { Answer } from "../answer.ts";
import type { Context, Route } from "../router.ts";
import type { IssueComment } from "../state.ts";
import { checkedBody } from "../text-limit.ts";
import { hasRole, writerOf } from "../writer.ts";
import { issueOf, issueOrPull } from "./issues.ts";

const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const ofRepository = "/repos/{owner}/{repo}/issues/comments";
const one = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

export const commentRoutes: readonly Route[] = [
  { method: "GET", path: ofIssue, permission: issueOrPull("read"), handle: listOfIssue },
  { method: "POST", path: ofIssue, permission: issueOrPull("write"), role: "read", handle: create },
  { method: "GET", path: ofRepository, permission: issueOrPull("read"), handle: listOfRepository },
  { method: "GET", path: one, permission: issueOrPull("read"), handle: get },
  { method: "PATCH", path: one, permission: issueOrPull("write"), role: "read", handle: update },
  { method: "DELETE", path: one, permission: issueOrPull("write"), role: "read", handle: remove },
];

/** The comment that `{comment_id}` names; 404 where there is none. */
export function commentOf(context: Context): IssueComment {
  const comment = context.repository.comments.get(Number(context.params["comment_id"]));
  if (comment === undefined) throw notFound();
  return comment;
}

function listOfIssue(context: Context): Promise<Answer> {
  const issue = issueOf(context);
  return paginateComments(
    context,
    changedSince(context).filter((comment) => comment.issue === issue),
  );
}

/** Oldest first by creation; `sort=updated` and `direction` change that only for the whole repository. */
function listOfRepository(context: Context): Promise<Answer> {
  const sort = context.query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  // GitHub reads `direction` only beside `sort`.
  const sign = context.query.has("sort") && context.query.get("direction") !== "asc" ? -1 : 1;
  const comments = changedSince(context).sort(
    (a, b) => sign * (a[sort].getTime() - b[sort].getTime() || a.id - b.id),
  );
  return paginateComments(context, comments);
}

function changedSince({ repository, query }: Context): IssueComment[] {
  const since = Date.parse(query.get("since") ?? "") || 0;
  // Times are told in whole seconds, so what changed within the asked one is among them.
  return [...repository.comments.values()].filter((comment) => comment.updatedAt.getTime() >= since);
}

function paginateComments(context: Context, comments: readonly IssueComment[]): Promise<Answer> {
  return paginate(context, comments, (comment) =>
    presentComment(context.hub.store, context.repository, comment),
  );
}

function create(context: Context): Answer {
  const { hub, repository } = context;
  const issue = issueOf(context);
  if (issue.locked && !hasRole(context, "write")) {
    throw new ApiError(403, "Unable to create comment because issue is locked.");
  }
  const body = bodyOf(context);
  const now = hub.store.now();
  const comment: IssueComment = {
    id: hub.store.nextId(),
    issue,
    body,
    user: writerOf(context),
    app: appOf(context.actor),
    reactions: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = now;
  tell(context, comment, "created");
  const shown = presentComment(hub.store, repository, comment);
  return { status: 201, body: shown, headers: { location: String(shown["url"]) } };
}

function get(context: Context): Answer {
  return { status: 200, body: presentComment(context.hub.store, context.repository, commentOf(context)) };
}

function update(context: Context): Answer {
  const { hub, repository } = context;
  const comment = mine(context);
  const body = bodyOf(context);
  const from = comment.body;
  if (body !== from) {
    comment.body = body;
    comment.updatedAt = hub.store.now();
    tell(context, comment, "edited", { changes: { body: { from } } });
  }
  return { status: 200, body: presentComment(hub.store, repository, comment) };
}

function remove(context: Context): Answer {
  const comment = mine(context);
  context.repository.comments.delete(comment.id);
  tell(context, comment, "deleted");
  return { status: 204 };
}

/** A comment may be changed by its author and by whoever may write to the repository. */
function mine(context: Context): IssueComment {
  const comment = commentOf(context);
  if (!hasRole(context, "write") && comment.user !== writerOf(context)) {
    throw new ApiError(403, "Must have admin rights to Repository.");
  }
  return comment;
}

function bodyOf({ body }: Context): string {
  const written = checkedBody("IssueComment", text(body, "body"));
  if (written.trim() === "") {
    throw validationFailed({ resource: "IssueComment", field: "body", code: "missing_field" });
  }
  return written;
}

function tell(
  context: Context,
  comment: IssueComment,
  action: "created" | "edited" | "deleted",
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const { hub, repository } = context;
  announce(context, "issue_comment", action, {
    issue: presentIssue(hub.store, repository, comment.issue),
    comment: presentComment(hub.store, repository, comment),
    ...extra,
  });
}
