/** Issues, and pull requests where GitHub treats them as issues. */

import { appOf } from "../actor.ts";
import { announceIssue } from "../announce.ts";
import { notFound, validationFailed } from "../api-error.ts";
import { optionalText, texts } from "../input.ts";
import { assigneesOf, changeIssue } from "../issue-changes.ts";
import { findLabel, labelNamed, putLabels } from "../labelling.ts";
import { paginate } from "../page.ts";
import { presentFullIssue, presentIssue } from "../present/issue.ts";
import type { Answer } from "../answer.ts";
import type { Context, Need, Route } from "../router.ts";
import type { Issue } from "../state.ts";
import { addIssue } from "../store.ts";
import { checkedBody } from "../text-limit.ts";
import { hasRole, writerOf } from "../writer.ts";

const one = "/repos/{owner}/{repo}/issues/{issue_number}";
const all = "/repos/{owner}/{repo}/issues";

/** Issues and pull requests share these addresses, so that either permission opens them. */
export function issueOrPull(level: Need["level"]): readonly Need[] {
  return [
    { name: "issues", level },
    { name: "pull_requests", level },
  ];
}

export const issueRoutes: readonly Route[] = [
  { method: "GET", path: all, permission: issueOrPull("read"), handle: list },
  { method: "POST", path: all, permission: { name: "issues", level: "write" }, role: "read", handle: create },
  { method: "GET", path: one, permission: issueOrPull("read"), handle: get },
  { method: "PATCH", path: one, permission: issueOrPull("write"), role: "read", handle: update },
  {
    method: "PUT",
    path: `${one}/lock`,
    permission: issueOrPull("write"),
    handle: (context) => lock(context, true),
  },
  {
    method: "DELETE",
    path: `${one}/lock`,
    permission: issueOrPull("write"),
    handle: (context) => lock(context, false),
  },
];

/** The issue that `{issue_number}` names; 404 where there is none. */
export function issueOf(context: Context): Issue {
  const issue = context.repository.issues.get(Number(context.params["issue_number"]));
  if (issue === undefined) throw notFound();
  return issue;
}

function list(context: Context): Promise<Answer> {
  const { hub, repository, query } = context;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter((name) => name !== "");
  const creator = query.get("creator")?.toLowerCase();
  const since = Date.parse(query.get("since") ?? "") || 0;
  const found = [...repository.issues.values()]
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => labels.every((name) => findLabel(issue.labels, name)))
    .filter((issue) => creator === undefined || issue.user.login.toLowerCase() === creator)
    .filter((issue) => issue.updatedAt.getTime() >= since)
    .sort(orderOf(context));
  return paginate(context, found, (issue) => presentIssue(hub.store, repository, issue));
}

/** By creation unless `sort` says otherwise, newest first unless `direction` is `asc`. */
function orderOf({ query, repository }: Context): (a: Issue, b: Issue) => number {
  const comments = (issue: Issue): number =>
    [...repository.comments.values()].filter((comment) => comment.issue === issue).length;
  const ranks: Record<string, (issue: Issue) => number> = {
    updated: (issue) => issue.updatedAt.getTime(),
    comments,
  };
  const rank = ranks[query.get("sort") ?? "created"] ?? ((issue: Issue) => issue.number);
  const sign = query.get("direction") === "asc" ? 1 : -1;
  return (a, b) => sign * (rank(a) - rank(b) || a.number - b.number);
}

async function create(context: Context): Promise<Answer> {
  const { hub, repository, body, actor } = context;
  const title = optionalText(body, "title")?.trim() ?? "";
  if (title === "") throw validationFailed({ resource: "Issue", field: "title", code: "missing_field" });
  const text = checkedBody("Issue", optionalText(body, "body") ?? null);
  const labels = texts(body, "labels");
  const draft = { title, body: text, user: writerOf(context), app: appOf(actor) };
  const issue = addIssue(hub.store, repository, draft);
  await announceIssue(context, issue, "opened");
  // Who may not triage can still open an issue; labels and assignees are then silently left out.
  if (hasRole(context, "triage")) {
    issue.assignees.push(...assigneesOf(context));
    await putLabels(
      context,
      issue,
      labels.map((name) => labelNamed(hub.store, repository, name)),
    );
  }
  const shown = presentFullIssue(hub.store, repository, issue);
  return { status: 201, body: shown, headers: { location: String(shown["url"]) } };
}

function get(context: Context): Answer {
  return { status: 200, body: presentFullIssue(context.hub.store, context.repository, issueOf(context)) };
}

async function update(context: Context): Promise<Answer> {
  const issue = issueOf(context);
  await changeIssue(context, issue);
  return { status: 200, body: presentFullIssue(context.hub.store, context.repository, issue) };
}

function lock(context: Context, locked: boolean): Answer {
  issueOf(context).locked = locked;
  return { status: 204 };
}
