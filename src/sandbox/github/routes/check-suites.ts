/** Check suites: one per App and commit. */

import { announce } from "../announce.ts";
import type { Answer } from "../answer.ts";
import { notFound } from "../api-error.ts";
import { commitOfRef } from "../checks.ts";
import { paginate } from "../page.ts";
import { runsOf } from "../present/check.ts";
import { presentMinimalRepository } from "../present/repository.ts";
import type { Context, Route } from "../router.ts";
import type { CheckSuite } from "../state.ts";
import { presentSuiteWithCommit } from "../suites.ts";

const one = "/repos/{owner}/{repo}/check-suites/{check_suite_id}";
const read = { name: "checks", level: "read" } as const;
const write = { name: "checks", level: "write" } as const;

export const checkSuiteRoutes: readonly Route[] = [
  { method: "GET", path: one, permission: read, handle: get },
  { method: "POST", path: `${one}/rerequest`, permission: write, handle: rerequest },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/check-suites",
    permission: read,
    handle: list,
  },
];

async function get(context: Context): Promise<Answer> {
  return { status: 200, body: await shown(context, suiteOf(context)) };
}

async function list(context: Context): Promise<Answer> {
  const { repository, query } = context;
  const sha = await commitOfRef(context);
  const appId = query.get("app_id");
  const name = query.get("check_name");
  const suites = repository.checkSuites
    .filter((suite) => suite.headSha === sha)
    .filter((suite) => appId === null || suite.app.id === Number(appId))
    .filter((suite) => name === null || runsOf(repository, suite).some((run) => run.name === name));
  return await paginate(
    context,
    suites,
    (suite) => shown(context, suite),
    (check_suites, total_count) => ({ total_count, check_suites }),
  );
}

async function rerequest(context: Context): Promise<Answer> {
  announce(context, "check_suite", "rerequested", await told(context, suiteOf(context)));
  return { status: 201, body: {} };
}

function suiteOf({ repository, params }: Context): CheckSuite {
  const suite = repository.checkSuites.find(({ id }) => id === Number(params["check_suite_id"]));
  if (suite === undefined) throw notFound();
  return suite;
}

async function shown(context: Context, suite: CheckSuite): Promise<Record<string, unknown>> {
  const { hub, repository } = context;
  return {
    ...(await presentSuiteWithCommit(hub, repository, suite)),
    repository: presentMinimalRepository(hub.store, repository),
  };
}

/** The webhook schema of a re-request lacks the two flags that tell whether one may be made. */
async function told({ hub, repository }: Context, suite: CheckSuite): Promise<Record<string, unknown>> {
  const shown = await presentSuiteWithCommit(hub, repository, suite);
  const { rerequestable: _, runs_rerequestable: _1, ...check_suite } = shown;
  return { check_suite };
}
