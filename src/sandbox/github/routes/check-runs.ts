/** Check runs: only Apps write them, and each only its own. */

import { appOf } from "../actor.ts";
import { announce } from "../announce.ts";
import { ApiError, notFound } from "../api-error.ts";
import { applyOutput, applyState, checkedActions, commitOfRef } from "../checks.ts";
import { optionalText, text } from "../input.ts";
import { paginate } from "../page.ts";
import { latestRuns, presentAnnotation, presentCheckRun, presentToldCheckRun } from "../present/check.ts";
import type { Answer } from "../answer.ts";
import type { Context, Route } from "../router.ts";
import type { CheckRun } from "../state.ts";
import { suiteFor } from "../suites.ts";

const all = "/repos/{owner}/{repo}/check-runs";
const one = "/repos/{owner}/{repo}/check-runs/{check_run_id}";
const read = { name: "checks", level: "read" } as const;
const write = { name: "checks", level: "write" } as const;

export const checkRunRoutes: readonly Route[] = [
  { method: "POST", path: all, permission: write, handle: create },
  { method: "GET", path: one, permission: read, handle: get },
  { method: "PATCH", path: one, permission: write, handle: update },
  { method: "GET", path: `${one}/annotations`, permission: read, handle: annotations },
  { method: "POST", path: `${one}/rerequest`, permission: write, handle: rerequest },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    permission: read,
    handle: listOfRef,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs",
    permission: read,
    handle: listOfSuite,
  },
];

async function create(context: Context): Promise<Answer> {
  const { hub, repository, body } = context;
  const app = appOf(context.actor);
  if (app === null) {
    throw new ApiError(403, "You must authenticate via a GitHub App.");
  }
  const headSha = await hub.git(repository).commitOf(text(body, "head_sha"));
  if (headSha === undefined) throw new ApiError(422, `No commit found for SHA: ${text(body, "head_sha")}`);
  const branch = await branchAt(context, headSha);
  const run: CheckRun = {
    id: hub.store.nextId(),
    suite: suiteFor(hub, repository, app, { sha: headSha, branch }).suite,
    app,
    name: text(body, "name"),
    headSha,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: hub.store.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  apply(context, run);
  repository.checkRuns.set(run.id, run);
  tell(context, run, "created");
  if (run.status === "completed") tell(context, run, "completed");
  return { status: 201, body: presentCheckRun(hub.store, repository, run) };
}

async function branchAt({ hub, repository }: Context, sha: string): Promise<string | null> {
  const tips = await hub.git(repository).refs("refs/heads/");
  const ref = [...tips].find(([, tip]) => tip === sha)?.[0];
  return ref?.slice("refs/heads/".length) ?? null;
}

function get(context: Context): Answer {
  return { status: 200, body: presentCheckRun(context.hub.store, context.repository, runOf(context)) };
}

function update(context: Context): Answer {
  const run = runOf(context);
  if (run.app !== appOf(context.actor)) {
    const message = "check run can only be modified by the GitHub App that created it.";
    throw new ApiError(403, `Invalid app_id \`${run.app.id}\` - ${message}`);
  }
  const before = run.status;
  run.name = optionalText(context.body, "name") ?? run.name;
  apply(context, run);
  if (run.status === "completed" && before !== "completed") tell(context, run, "completed");
  return { status: 200, body: presentCheckRun(context.hub.store, context.repository, run) };
}

/** Everything that creating and updating have in common; refuses before it changes anything. */
function apply(context: Context, run: CheckRun): void {
  const { body, hub } = context;
  const actions = checkedActions(body);
  applyOutput(run, body);
  applyState(run, body, hub.store.now());
  run.externalId = optionalText(body, "external_id") ?? run.externalId;
  run.detailsUrl = optionalText(body, "details_url") ?? run.detailsUrl;
  if (actions !== undefined) run.actions = actions;
  run.suite.updatedAt = hub.store.now();
}

function annotations(context: Context): Promise<Answer> {
  const run = runOf(context);
  return paginate(context, run.annotations, presentAnnotation(context.hub.store, context.repository, run));
}

function rerequest(context: Context): Answer {
  tell(context, runOf(context), "rerequested");
  return { status: 201, body: {} };
}

async function listOfRef(context: Context): Promise<Answer> {
  const sha = await commitOfRef(context);
  return listOf(context, (run) => run.headSha === sha);
}

function listOfSuite(context: Context): Promise<Answer> {
  const id = Number(context.params["check_suite_id"]);
  if (!context.repository.checkSuites.some((suite) => suite.id === id)) throw notFound();
  return listOf(context, (run) => run.suite.id === id);
}

/** Newest first; `filter=latest`, the default, keeps of each app and name the newest. */
function listOf(context: Context, belongs: (run: CheckRun) => boolean): Promise<Answer> {
  const { hub, repository, query } = context;
  const name = query.get("check_name");
  const status = query.get("status");
  const appId = query.get("app_id");
  const runs = [...repository.checkRuns.values()]
    .filter(belongs)
    .filter((run) => name === null || run.name === name)
    .filter((run) => appId === null || run.app.id === Number(appId));
  const chosen = (query.get("filter") === "all" ? runs : latestRuns(runs))
    .filter((run) => status === null || run.status === status)
    .sort((a, b) => b.id - a.id);
  return paginate(
    context,
    chosen,
    (run) => presentCheckRun(hub.store, repository, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}

function runOf({ repository, params }: Context): CheckRun {
  const run = repository.checkRuns.get(Number(params["check_run_id"]));
  if (run === undefined) throw notFound();
  return run;
}

function tell(context: Context, run: CheckRun, action: "created" | "completed" | "rerequested"): void {
  announce(context, "check_run", action, {
    check_run: presentToldCheckRun(context.hub.store, context.repository, run),
  });
}
