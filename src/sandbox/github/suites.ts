/** Check suites: GitHub makes one per commit for every App that may write checks, when the commit is pushed. */

import { emit } from "./emit.ts";
import type { Hub } from "./hub.ts";
import { presentFullSuite } from "./present/check.ts";
import { presentSimpleCommit } from "./present/simple-commit.ts";
import type { Repository } from "./repository-state.ts";
import type { Account, App, CheckSuite } from "./state.ts";
import { installationOf } from "./store.ts";

export interface SuiteHead {
  readonly sha: string;
  /** Null where no branch stands there. */
  readonly branch: string | null;
}

/** The suite of an App on a commit, made if there is none; `isNew` tells which. */
export function suiteFor(
  hub: Hub,
  repository: Repository,
  app: App,
  { sha, branch }: SuiteHead,
): { suite: CheckSuite; isNew: boolean } {
  const present = repository.checkSuites.find((suite) => suite.app === app && suite.headSha === sha);
  if (present !== undefined) return { suite: present, isNew: false };
  const now = hub.store.now();
  const id = hub.store.nextId();
  const suite = { id, app, headSha: sha, headBranch: branch, createdAt: now, updatedAt: now };
  repository.checkSuites.push(suite);
  return { suite, isNew: true };
}

/** What a push asks of the installed App; a commit that has a suite already is not asked for again. */
export async function requestSuite(
  hub: Hub,
  repository: Repository,
  head: SuiteHead,
  sender: Account,
): Promise<void> {
  const app = installationOf(hub.store, repository)?.app;
  if (app?.permissions["checks"] !== "write") return;
  const { suite, isNew } = suiteFor(hub, repository, app, head);
  if (!isNew) return;
  const check_suite = await presentSuiteWithCommit(hub, repository, suite);
  emit(hub, { event: "check_suite", action: "requested", repository, sender, payload: { check_suite } });
}

/** `check-suite` without its repository, which a webhook names beside it. */
export async function presentSuiteWithCommit(
  hub: Hub,
  repository: Repository,
  suite: CheckSuite,
): Promise<Record<string, unknown>> {
  const headCommit = presentSimpleCommit(await hub.git(repository).commit(suite.headSha));
  return presentFullSuite(hub.store, repository, { suite, headCommit });
}
