/** What GitHub does before it makes a deployment: merge the default branch into the ref, and look at the commit's checks. */

import { ApiError } from "./api-error.ts";
import { mergeTrees } from "./git/merge.ts";
import { optionalList, texts } from "./input.ts";
import { latestRuns } from "./present/check.ts";
import { latestStatuses } from "./present/status.ts";
import { moveRefs } from "./ref-moves.ts";
import type { Context } from "./router.ts";
import { personOf, webFlow, writeCommit } from "./signature.ts";
import { writerOf } from "./writer.ts";

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
  const main = repository.defaultBranch;
  const base = await git.ref(`refs/heads/${main}`);
  const isBranch = (await git.ref(`refs/heads/${branch}`)) !== undefined;
  if (base === undefined || !isBranch || (await git.isAncestor(base, sha))) return null;
  const tree = await mergeTrees(git, sha, base);
  if (tree === undefined) throw new ApiError(409, `Conflict merging ${main} into ${branch}.`);
  const actor = writerOf(context);
  const draft = {
    tree,
    parents: [sha, base],
    author: personOf(actor, hub.store.now()),
    committer: webFlow(hub.store),
    message: `Merge ${main} into ${branch}`,
  };
  const after = await writeCommit(hub.store, git, draft, true);
  await moveRefs(hub, repository, [{ ref: `refs/heads/${branch}`, before: sha, after }], { actor });
  return `Auto-merged ${main} into ${branch} on deployment.`;
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
