/** Changes of an issue: text, labels, assignees and state, each with its own event. */

import { announceIssue } from "./announce.ts";
import { ApiError, validationFailed } from "./api-error.ts";
import { optionalText, optionalWord, texts } from "./input.ts";
import { hasTwin } from "./pull-life.ts";
import { labelNamed, putLabels, takeLabel } from "./labelling.ts";
import type { Context } from "./router.ts";
import type { Account, Issue } from "./state.ts";
import { findAccount } from "./store.ts";
import { checkedBody } from "./text-limit.ts";
import { hasRole, writerOf } from "./writer.ts";

/** Makes the changes that the body of a request asks for. Who may not triage may change only what they opened. */
export async function changeIssue(context: Context, issue: Issue): Promise<void> {
  const { hub, body } = context;
  if (!hasRole(context, "triage") && issue.user !== writerOf(context)) {
    throw new ApiError(403, "Must have admin rights to Repository.");
  }
  const changes = { ...changeTitle(context, issue), ...changeBody(context, issue) };
  if (Object.keys(changes).length > 0) await announceIssue(context, issue, "edited", { changes });
  if ("labels" in body) await replaceLabels(context, issue, texts(body, "labels"));
  if ("assignees" in body) issue.assignees.splice(0, Infinity, ...assigneesOf(context));
  await changeState(context, issue);
  issue.updatedAt = hub.store.now();
}

type Changes = Record<string, { from: string }>;

function changeTitle({ body }: Context, issue: Issue): Changes {
  const title = optionalText(body, "title");
  const from = issue.title;
  if (title === undefined || title === from) return {};
  issue.title = title;
  return { title: { from } };
}

function changeBody(context: Context, issue: Issue): Changes {
  const { body } = context;
  const text = optionalText(body, "body");
  const from = issue.body ?? "";
  if (text === undefined || text === from) return {};
  issue.body = checkedBody("Issue", text);
  recordEdit(context, issue);
  return { body: { from } };
}

/** Who wrote the text first is told with the first change of it, as GitHub's history of edits does. */
function recordEdit(context: Context, { edits, user, createdAt }: Issue): void {
  const { store } = context.hub;
  if (edits.length === 0) edits.push({ id: store.nextId(), editor: user, at: createdAt });
  edits.push({ id: store.nextId(), editor: writerOf(context), at: store.now() });
}

/** Makes the labels of an issue exactly these. */
export async function replaceLabels(context: Context, issue: Issue, names: readonly string[]): Promise<void> {
  const wanted = names.map((name) => labelNamed(context.hub.store, context.repository, name));
  for (const label of issue.labels.filter((one) => !wanted.includes(one))) {
    await takeLabel(context, issue, label);
  }
  await putLabels(context, issue, wanted);
}

async function changeState(context: Context, issue: Issue): Promise<void> {
  const state = optionalWord(context.body, "state", ["open", "closed"]);
  const reason = optionalWord(context.body, "state_reason", [
    "completed",
    "not_planned",
    "duplicate",
    "reopened",
  ]);
  if (state === undefined || state === issue.state) return;
  const pull = context.repository.pulls.get(issue.number);
  const refused =
    pull !== undefined && (pull.merged || pull.unreopenable || hasTwin(context.repository, pull));
  if (state === "open" && refused) {
    throw validationFailed({
      resource: "Issue",
      code: "custom",
      field: "state",
      message: "state cannot be changed.",
    });
  }
  const closed = state === "closed";
  issue.state = state;
  issue.stateReason = closed ? (reason ?? "completed") : "reopened";
  issue.closedAt = closed ? context.hub.store.now() : null;
  issue.closedBy = closed ? writerOf(context) : null;
  await announceIssue(context, issue, closed ? "closed" : "reopened");
}

/** The accounts named in `assignees`; unknown ones are left out. */
export function assigneesOf({ hub, body }: Context): Account[] {
  return texts(body, "assignees").flatMap((login) => findAccount(hub.store, login) ?? []);
}
