/** The rules of check runs: their limits, how their state moves, and which suite they belong to. */

import { ApiError, invalidRequest } from "./api-error.ts";
import { asRecord, optionalList, optionalRecord, optionalText, optionalWord, text } from "./input.ts";
import { resolveCommit } from "./read-ref.ts";
import type { Context } from "./router.ts";
import type { CheckRun } from "./state.ts";
import { checkedLength } from "./text-limit.ts";

type Body = Readonly<Record<string, unknown>>;

/** Limits of the description of the API: characters of `summary` and `text`, annotations per request, buttons. */
const maximumOutput = 65_535;
const maximumAnnotations = 50;
const maximumActions = 3;

const conclusions = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "stale",
  "timed_out",
] as const;

/** Sets `output`; annotations are added to those that there are. */
export function applyOutput(run: CheckRun, body: Body): void {
  const output = optionalRecord(body, "output");
  if (output === undefined) return;
  const summary = checkedLength("summary", text(output, "summary"), maximumOutput);
  const details = optionalText(output, "text");
  const added = optionalList(output, "annotations") ?? [];
  if (added.length > maximumAnnotations) {
    throw invalidRequest(
      `No more than ${maximumAnnotations} items are allowed; ${added.length} were supplied.`,
    );
  }
  const annotations = added.map((item) => checkedAnnotation(asRecord(item, "annotations")));
  run.output = {
    title: optionalText(output, "title") ?? run.output.title,
    summary,
    text: details === undefined ? run.output.text : checkedLength("text", details, maximumOutput),
  };
  run.annotations.push(...annotations);
}

function checkedAnnotation(annotation: Body): Record<string, unknown> {
  text(annotation, "path");
  text(annotation, "message");
  if (optionalWord(annotation, "annotation_level", ["notice", "warning", "failure"]) === undefined) {
    throw invalidRequest(`"annotation_level" wasn't supplied.`);
  }
  for (const field of ["start_line", "end_line"]) {
    if (!Number.isInteger(annotation[field])) throw invalidRequest(`"${field}" wasn't supplied.`);
  }
  return { ...annotation };
}

/** Moves the state: a conclusion completes the run, and completing without a conclusion is refused. */
export function applyState(run: CheckRun, body: Body, now: Date): void {
  const conclusion = optionalWord(body, "conclusion", conclusions);
  const wanted = optionalWord(body, "status", ["queued", "in_progress", "completed"]);
  const status = conclusion === undefined ? (wanted ?? run.status) : "completed";
  if (status === "completed" && conclusion === undefined && run.conclusion === null) {
    throw invalidRequest(`"conclusion" wasn't supplied.`);
  }
  const completed = status === "completed";
  run.startedAt = timeOf(body, "started_at") ?? run.startedAt;
  run.completedAt = completed ? (timeOf(body, "completed_at") ?? run.completedAt ?? now) : null;
  run.conclusion = completed ? (conclusion ?? run.conclusion) : null;
  run.status = status;
}

function timeOf(body: Body, field: string): Date | undefined {
  const value = optionalText(body, field);
  if (value === undefined) return undefined;
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw invalidRequest(`For '${field}', "${value}" is not a date-time.`);
  return time;
}

/** The buttons sent, or undefined where none were; at most three, each with its three short texts. */
export function checkedActions(body: Body): CheckRun["actions"] | undefined {
  const actions = optionalList(body, "actions");
  if (actions === undefined) return undefined;
  if (actions.length > maximumActions) {
    throw invalidRequest(
      `No more than ${maximumActions} items are allowed; ${actions.length} were supplied.`,
    );
  }
  return actions.map((item) => {
    const action = asRecord(item, "actions");
    return {
      label: checkedLength("label", text(action, "label"), 20),
      description: checkedLength("description", text(action, "description"), 40),
      identifier: checkedLength("identifier", text(action, "identifier"), 20),
    };
  });
}

/** The commit that `{ref}` names; GitHub answers 422 for one that does not exist. */
export async function commitOfRef({ hub, repository, params }: Context): Promise<string> {
  const ref = params["ref"] ?? "";
  const sha = await resolveCommit(hub, repository, ref);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${ref}`);
  return sha;
}
