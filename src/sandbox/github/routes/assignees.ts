/** Who an issue or pull request is assigned to. */

import { includesRole, roleOf } from "../actor.ts";
import { announceIssue } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { assigneesOf } from "../issue-changes.ts";
import { presentIssue } from "../present/issue.ts";
import { presentUser } from "../present/user.ts";
import type { Context, Route } from "../router.ts";
import { issueOf, issueOrPull } from "./issues.ts";

const path = "/repos/{owner}/{repo}/issues/{issue_number}/assignees";
const access = { permission: issueOrPull("write"), role: "triage" } as const;

export const assigneeRoutes: readonly Route[] = [
  { method: "POST", path, ...access, handle: assign },
  { method: "DELETE", path, ...access, handle: withdraw },
];

/** Only people with access can be assigned: others are left out without a word. */
async function assign(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const issue = issueOf(context);
  for (const account of assigneesOf(context)) {
    if (issue.assignees.includes(account)) continue;
    if (!includesRole(roleOf(hub.store, repository, account), "read")) continue;
    issue.assignees.push(account);
    await announceIssue(context, issue, "assigned", { assignee: presentUser(hub.store, account) });
  }
  return { status: 201, body: presentIssue(hub.store, repository, issue) };
}

async function withdraw(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  const issue = issueOf(context);
  for (const account of assigneesOf(context)) {
    const at = issue.assignees.indexOf(account);
    if (at < 0) continue;
    issue.assignees.splice(at, 1);
    await announceIssue(context, issue, "unassigned", { assignee: presentUser(hub.store, account) });
  }
  return { status: 200, body: presentIssue(hub.store, repository, issue) };
}
