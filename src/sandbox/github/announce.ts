/** Webhooks of what a route has just done, in the name of whoever called it. */

import { accountOf } from "./actor.ts";
import { emit } from "./emit.ts";
import { presentIssue } from "./present/issue.ts";
import { announcePull } from "./pull-life.ts";
import type { Context } from "./router.ts";
import type { Issue } from "./state.ts";

type Payload = Readonly<Record<string, unknown>>;

export function announce(
  context: Context,
  event: string,
  action: string | undefined,
  payload: Payload,
): void {
  const sender = accountOf(context.actor);
  if (sender === undefined) return;
  emit(context.hub, {
    event,
    ...(action !== undefined && { action }),
    repository: context.repository,
    sender,
    payload,
  });
}

type IssueAction =
  | "opened"
  | "edited"
  | "closed"
  | "reopened"
  | "labeled"
  | "unlabeled"
  | "assigned"
  | "unassigned";

/** About an issue; about a pull request it is a `pull_request` event, whichever address was called. */
export async function announceIssue(
  context: Context,
  issue: Issue,
  action: IssueAction,
  extra: Payload = {},
): Promise<void> {
  const { hub, repository } = context;
  const pull = repository.pulls.get(issue.number);
  if (pull === undefined) {
    announce(context, "issues", action, {
      issue: presentIssue(hub.store, repository, issue),
      ...extra,
    });
    return;
  }
  const sender = accountOf(context.actor);
  if (sender !== undefined) await announcePull(hub, repository, pull, { action, sender, payload: extra });
}
