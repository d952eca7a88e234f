/** Labels of a repository and of an issue. */

import { notFound, validationFailed } from "../api-error.ts";
import { optionalList, optionalText, text } from "../input.ts";
import { replaceLabels } from "../issue-changes.ts";
import { addLabel, checkedColor, findLabel, labelNamed, putLabels, takeLabel } from "../labelling.ts";
import { paginate } from "../page.ts";
import { presentLabel } from "../present/label.ts";
import type { Answer } from "../answer.ts";
import type { Context, Route } from "../router.ts";
import type { Issue, Label } from "../state.ts";
import { issueOf, issueOrPull } from "./issues.ts";

const ofRepository = "/repos/{owner}/{repo}/labels";
const one = "/repos/{owner}/{repo}/labels/{name}";
const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/labels";

export const labelRoutes: readonly Route[] = [
  { method: "GET", path: ofRepository, permission: issueOrPull("read"), handle: listOfRepository },
  { method: "POST", path: ofRepository, permission: issueOrPull("write"), role: "triage", handle: create },
  { method: "GET", path: one, permission: issueOrPull("read"), handle: get },
  { method: "PATCH", path: one, permission: issueOrPull("write"), role: "triage", handle: update },
  { method: "DELETE", path: one, permission: issueOrPull("write"), role: "triage", handle: remove },
  { method: "GET", path: ofIssue, permission: issueOrPull("read"), handle: listOfIssue },
  { method: "POST", path: ofIssue, permission: issueOrPull("write"), role: "triage", handle: add },
  { method: "PUT", path: ofIssue, permission: issueOrPull("write"), role: "triage", handle: replace },
  { method: "DELETE", path: ofIssue, permission: issueOrPull("write"), role: "triage", handle: clear },
  {
    method: "DELETE",
    path: `${ofIssue}/{name}`,
    permission: issueOrPull("write"),
    role: "triage",
    handle: take,
  },
];

function listOfRepository(context: Context): Promise<Answer> {
  return paginate(context, context.repository.labels, (label) => shown(context, label));
}

function listOfIssue(context: Context): Promise<Answer> {
  return paginate(context, issueOf(context).labels, (label) => shown(context, label));
}

function create(context: Context): Answer {
  const { hub, repository, body } = context;
  const color = optionalText(body, "color");
  const description = optionalText(body, "description");
  const label = addLabel(hub.store, repository, { name: text(body, "name"), color, description });
  const answer = shown(context, label);
  return { status: 201, body: answer, headers: { location: String(answer["url"]) } };
}

function get(context: Context): Answer {
  return { status: 200, body: shown(context, labelOf(context)) };
}

function update(context: Context): Answer {
  const { body, repository } = context;
  const label = labelOf(context);
  const name = optionalText(body, "new_name") ?? label.name;
  const taken = findLabel(repository.labels, name);
  if (taken !== undefined && taken !== label) {
    throw validationFailed({ resource: "Label", code: "already_exists", field: "name" });
  }
  label.name = name;
  label.color = checkedColor(optionalText(body, "color") ?? label.color);
  label.description = optionalText(body, "description") ?? label.description;
  return { status: 200, body: shown(context, label) };
}

async function remove(context: Context): Promise<Answer> {
  const { repository } = context;
  const label = labelOf(context);
  for (const issue of repository.issues.values()) await takeLabel(context, issue, label);
  repository.labels.splice(repository.labels.indexOf(label), 1);
  return { status: 204 };
}

async function add(context: Context): Promise<Answer> {
  const issue = issueOf(context);
  const labels = namesOf(context).map((name) => labelNamed(context.hub.store, context.repository, name));
  await putLabels(context, issue, labels);
  return labelsAfter(context, issue);
}

async function replace(context: Context): Promise<Answer> {
  const issue = issueOf(context);
  await replaceLabels(context, issue, namesOf(context));
  return labelsAfter(context, issue);
}

async function clear(context: Context): Promise<Answer> {
  await replaceLabels(context, issueOf(context), []);
  return { status: 204 };
}

async function take(context: Context): Promise<Answer> {
  const issue = issueOf(context);
  const label = findLabel(issue.labels, context.params["name"] ?? "");
  if (label === undefined) throw notFound();
  await takeLabel(context, issue, label);
  return labelsAfter(context, issue);
}

/** Labels are sent as names or as objects with a name. */
function namesOf({ body }: Context): string[] {
  return (optionalList(body, "labels") ?? []).map((item) =>
    typeof item === "string" ? item : text(item as Record<string, unknown>, "name"),
  );
}

function labelOf({ repository, params }: Context): Label {
  const label = findLabel(repository.labels, params["name"] ?? "");
  if (label === undefined) throw notFound();
  return label;
}

function labelsAfter(context: Context, issue: Issue): Answer {
  return { status: 200, body: issue.labels.map((label) => shown(context, label)) };
}

function shown(context: Context, label: Label): Record<string, unknown> {
  return presentLabel(context.hub.store, context.repository, label);
}
