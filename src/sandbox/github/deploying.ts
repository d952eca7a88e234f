/** What GitHub does before it makes a deployment: merge the default branch into the ref, and look at the commit's checks. */

import { ApiError } from "./api-error.ts";
import { optionalList, texts } from "./input.ts";
import { latestRuns } from "./present/check.ts";
import { latestStatuses } from "./present/status.ts";
import type { Context } from "./router.ts";

interface Wanted {
  /** As it was asked for: a branch, a tag or a commit id. */
  readonly ref: string;
  readonly sha: string;
}

/**
 * Merges the default branch into a branch that is behind it. Answers the message of the merge, after which GitHub makes no
 * deployment; null where nothing was to be merged. A conflict is 409.
 */
export async function bringUpToDate(context: Context, { ref, sha }: Wanted): Promise<string | null> {
  const { hub, repository } = context;
  const git = hub.git(repository);
  const branch = ref.replace(/^refs\/heads\//, "");
  const base = await git.ref(`refs/heads/${repository.defaultBranch}`);
  const isBranch = (await git.ref(`refs/heads/${branch}`)) !== undefined;
  if (base === undefined || !isBranch || (await git.isAncestor(base, sha))) return null;
  const merged = await git.run(["merge-tree", "--write-tree", sha, base], undefined, [1]);
  const tree = merged.toString("utf8").split("\n", 1)[0] ?? "";
  const conflict = new ApiError(409, `Conflict merging ${repository.defaultBranch} into ${branch}.`);
  if (merged.includes("\n\n") && merged.includes("CONFLICT")) throw conflict;
  const message = `Merge ${repository.defaultBranch} into ${branch}`;
  const commit = await git.run(["commit-tree", tree, "-p", sha, "-p", base, "-m", message]);
  const moved = await git.move([
    { ref: `refs/heads/${branch}`, before: sha, after: commit.toString("utf8").trim() },
  ]);
  if (!moved) throw conflict;
  return `Auto-merged ${repository.defaultBranch} into ${branch} on deployment.`;
}

/**
 * Without `required_contexts` every status and check that the commit has must be a success; with it those named, so that an
 * empty list asks for none. Else 409.
 */
export function refuseUnlessGreen({ repository, body }: Context, { ref, sha }: Wanted): void {
  const states = new Map(
    latestStatuses(repository, sha).map((status) => [status.context, status.state as string]),
  );
  const runs = [...repository.checkRuns.values()].filter((run) => run.headSha === sha);
  for (const run of latestRuns(runs)) states.set(run.name, run.conclusion ?? "pending");
  const named = optionalList(body, "required_contexts") !== undefined;
  const wanted = named ? texts(body, "required_contexts") : [...states.keys()];
  const passing = ["success", "neutral", "skipped"];
  const contexts = wanted.map((context) => ({ context, state: states.get(context) ?? "pending" }));
  if (contexts.every(({ state }) => passing.includes(state))) return;
  const error = { resource: "Deployment", field: "required_contexts", code: "invalid" } as const;
  throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ ...error, value: JSON.stringify(contexts) }],
  });
}
