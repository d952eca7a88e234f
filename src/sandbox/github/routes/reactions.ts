/** Reactions on comments and issues; an account reacts at most once with each. */

import { ApiError, invalidRequest, notFound } from "../api-error.ts";
import { optionalWord } from "../input.ts";
import { paginate } from "../page.ts";
import { presentReaction } from "../present/label.ts";
import type { Answer } from "../answer.ts";
import type { Context, Route } from "../router.ts";
import type { Reaction } from "../state.ts";
import { commentOf } from "./comments.ts";
import { writerOf } from "../writer.ts";
import { issueOf, issueOrPull } from "./issues.ts";

const contents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;

export const reactionRoutes: readonly Route[] = [
  ...routesOf(
    "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    (context) => commentOf(context).reactions,
  ),
  ...routesOf(
    "/repos/{owner}/{repo}/issues/{issue_number}/reactions",
    (context) => issueOf(context).reactions,
  ),
];

function routesOf(path: string, reactionsOf: (context: Context) => Reaction[]): readonly Route[] {
  const read = issueOrPull("read");
  const write = issueOrPull("write");
  return [
    { method: "GET", path, permission: read, handle: (context) => list(context, reactionsOf(context)) },
    {
      method: "POST",
      path,
      permission: write,
      role: "read",
      handle: (context) => create(context, reactionsOf(context)),
    },
    {
      method: "DELETE",
      path: `${path}/{reaction_id}`,
      permission: write,
      role: "read",
      handle: (context) => remove(context, reactionsOf(context)),
    },
  ];
}

function list(context: Context, reactions: readonly Reaction[]): Promise<Answer> {
  const wanted = context.query.get("content");
  const found = reactions.filter(({ content }) => wanted === null || content === wanted);
  return paginate(context, found, (reaction) => presentReaction(context.hub.store, reaction));
}

/** 201 when it is new, 200 when the account had reacted so already. */
function create(context: Context, reactions: Reaction[]): Answer {
  const { store } = context.hub;
  const content = optionalWord(context.body, "content", contents);
  if (content === undefined) throw invalidRequest(`"content" wasn't supplied.`);
  const user = writerOf(context);
  const present = reactions.find((reaction) => reaction.user === user && reaction.content === content);
  if (present !== undefined) return { status: 200, body: presentReaction(store, present) };
  const reaction: Reaction = { id: store.nextId(), user, content, createdAt: store.now() };
  reactions.push(reaction);
  return { status: 201, body: presentReaction(store, reaction) };
}

function remove(context: Context, reactions: Reaction[]): Answer {
  const id = Number(context.params["reaction_id"]);
  const at = reactions.findIndex((reaction) => reaction.id === id);
  if (at < 0) throw notFound();
  if (reactions[at]?.user !== writerOf(context)) throw new ApiError(403, "Not your reaction.");
  reactions.splice(at, 1);
  return { status: 204 };
}
