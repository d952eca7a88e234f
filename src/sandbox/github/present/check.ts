/** Check runs, their annotations and check suites as JSON. */

import type { Repository } from "../repository-state.ts";
import type { CheckRun, CheckSuite } from "../state.ts";
import type { Store } from "../store.ts";
import { presentApp } from "./app.ts";
import { nodeId, optionalTime, time } from "./links.ts";
import { presentPullsOfHead } from "./pull-reference.ts";
import { apiOf, pageOfRepository } from "./repository.ts";

type Json = Record<string, unknown>;

/** `check-run`; in webhooks the suite stands in full. */
export function presentCheckRun(store: Store, repository: Repository, run: CheckRun): Json {
  const url = `${apiOf(store, repository)}/check-runs/${run.id}`;
  const page = `${pageOfRepository(store, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CR", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: time(run.startedAt),
    completed_at: optionalTime(run.completedAt),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: presentApp(store, run.app),
    pull_requests: presentPullsOfHead(store, repository, run.headSha),
  };
}

/** The check run as webhooks carry it. */
export function presentToldCheckRun(store: Store, repository: Repository, run: CheckRun): Json {
  const suite = presentSuite(store, repository, run.suite);
  return { ...presentCheckRun(store, repository, run), check_suite: suite };
}

export function presentAnnotation(
  store: Store,
  repository: Repository,
  run: CheckRun,
): (annotation: Json) => Json {
  return (annotation) => ({
    path: annotation["path"],
    blob_href: `${pageOfRepository(store, repository)}/blob/${run.headSha}/${String(annotation["path"])}`,
    start_line: annotation["start_line"],
    end_line: annotation["end_line"],
    start_column: annotation["start_column"] ?? null,
    end_column: annotation["end_column"] ?? null,
    annotation_level: annotation["annotation_level"],
    title: annotation["title"] ?? null,
    message: annotation["message"],
    raw_details: annotation["raw_details"] ?? null,
  });
}

/** What a suite has whether it stands alone or in a check run. Its state is that of its newest runs by name. */
function presentSuite(store: Store, repository: Repository, suite: CheckSuite): Json {
  return {
    id: suite.id,
    node_id: nodeId("CS", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...stateOfSuite(repository, suite),
    url: `${apiOf(store, repository)}/check-suites/${suite.id}`,
    before: null,
    after: suite.headSha,
    pull_requests: presentPullsOfHead(store, repository, suite.headSha),
    app: presentApp(store, suite.app),
    created_at: time(suite.createdAt),
    updated_at: time(suite.updatedAt),
  };
}

/** What a suite adds when it stands alone; `headCommit` is the `simple-commit`. */
export function presentFullSuite(
  store: Store,
  repository: Repository,
  { suite, headCommit }: { suite: CheckSuite; headCommit: Json },
): Json {
  return {
    ...presentSuite(store, repository, suite),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: latestRuns(runsOf(repository, suite)).length,
    check_runs_url: `${apiOf(store, repository)}/check-suites/${suite.id}/check-runs`,
    head_commit: headCommit,
  };
}

/** Of runs with the same app and name the newest. */
export function latestRuns(runs: readonly CheckRun[]): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of runs) latest.set(`${run.app.id} ${run.name}`, run);
  return [...latest.values()];
}

export function runsOf(repository: Repository, suite: CheckSuite): CheckRun[] {
  return [...repository.checkRuns.values()].filter((run) => run.suite === suite);
}

/** Conclusions from the one that says most to the one that says least. */
const weight = [
  "failure",
  "timed_out",
  "cancelled",
  "action_required",
  "stale",
  "neutral",
  "success",
  "skipped",
];

function stateOfSuite(
  repository: Repository,
  suite: CheckSuite,
): { status: string; conclusion: string | null } {
  const runs = latestRuns(runsOf(repository, suite));
  if (runs.some((run) => run.status !== "completed")) return { status: "in_progress", conclusion: null };
  const worst = weight.find((conclusion) => runs.some((run) => run.conclusion === conclusion));
  if (worst === undefined) return { status: "queued", conclusion: null };
  return { status: "completed", conclusion: worst === "skipped" ? "neutral" : worst };
}
