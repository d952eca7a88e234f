/** What guards a branch, gathered from classic protection and rulesets, and what it refuses. */

import { includesRole, roleOf, type Actor } from "./actor.ts";
import type { Repository } from "./repository-state.ts";
import type { CheckRun, CommitStatus, Protection, RequiredCheck } from "./state.ts";
import type { Store } from "./store.ts";

/** Every protection in force on a branch, by its short name. */
export function protectionsOf(repository: Repository, branch: string): readonly Protection[] {
  const rules = repository.rulesets.filter(
    ({ enforcement, branches }) =>
      enforcement === "active" &&
      (branches.includes(branch) ||
        branches.includes("~ALL") ||
        (branches.includes("~DEFAULT_BRANCH") && branch === repository.defaultBranch)),
  );
  const classic = repository.protections.get(branch);
  return [...(classic ? [classic] : []), ...rules.map(({ protection }) => protection)];
}

/** Administrators are above a protection that does not include them. */
export function protectionsFor(
  store: Store,
  repository: Repository,
  { branch, actor }: { branch: string; actor: Actor },
): readonly Protection[] {
  const admin = actor.kind === "user" && includesRole(roleOf(store, repository, actor.user), "admin");
  return protectionsOf(repository, branch).filter(({ enforceAdmins }) => enforceAdmins || !admin);
}

/** Why a required check lets nothing pass yet, in GitHub's words; undefined when it is satisfied. */
function unmet(repository: Repository, sha: string, required: RequiredCheck): string | undefined {
  const results = resultsOf(repository, sha, required);
  const name = `Required status check "${required.context}"`;
  if (results.length === 0) return `${name} is expected.`;
  if (results.includes("failing")) return `${name} is failing.`;
  return results.includes("pending") ? `${name} is in progress.` : undefined;
}

type Outcome = "passing" | "pending" | "failing";

/** The newest run of each App and the newest status, as far as the required check's App made them. */
function resultsOf(
  repository: Repository,
  sha: string,
  { context, appId }: RequiredCheck,
): readonly Outcome[] {
  const runs = new Map<number, CheckRun>();
  for (const run of repository.checkRuns.values()) {
    if (run.headSha !== sha || run.name !== context) continue;
    if (appId === null || run.app.id === appId) runs.set(run.app.id, run);
  }
  const status = repository.statuses.findLast(
    (one) => one.sha === sha && one.context === context && (appId === null || one.appId === appId),
  );
  return [...[...runs.values()].map(outcomeOfRun), ...(status ? [outcomeOfStatus(status)] : [])];
}

function outcomeOfRun({ status, conclusion }: CheckRun): Outcome {
  if (status !== "completed") return "pending";
  return ["success", "neutral", "skipped"].includes(conclusion ?? "") ? "passing" : "failing";
}

function outcomeOfStatus({ state }: CommitStatus): Outcome {
  return state === "success" ? "passing" : state === "pending" ? "pending" : "failing";
}

/** One sentence for all required checks that are not satisfied on a commit. */
export function missingChecks(
  repository: Repository,
  protections: readonly Protection[],
  sha: string,
): string | undefined {
  const required = protections.flatMap(({ checks }) => checks);
  const open = required.flatMap((check) => unmet(repository, sha, check) ?? []);
  if (open.length <= 1) return open[0];
  const failing = open.filter((sentence) => sentence.endsWith("failing.")).length;
  return failing > 0
    ? `${failing} of ${required.length} required status checks are failing.`
    : `${open.length} of ${required.length} required status checks are expected.`;
}

/** Why a branch may not be moved directly, one sentence each; empty when it may. */
export function refusalsOfPush(
  store: Store,
  repository: Repository,
  push: { branch: string; actor: Actor; after: string | null; forced: boolean },
): readonly string[] {
  const all = protectionsOf(repository, push.branch);
  if (push.after === null) return all.length > 0 ? ["Cannot delete this branch"] : [];
  if (push.forced && all.some(({ allowForcePushes }) => !allowForcePushes)) {
    return ["Cannot force-push to this branch"];
  }
  const bound = protectionsFor(store, repository, push);
  const checks = missingChecks(repository, bound, push.after);
  return [
    ...(bound.some(({ requirePullRequest }) => requirePullRequest)
      ? ["Changes must be made through a pull request."]
      : []),
    ...(bound.some(({ mergeQueue }) => mergeQueue) ? ["Changes must be made through the merge queue"] : []),
    ...(checks === undefined ? [] : [checks]),
  ];
}
