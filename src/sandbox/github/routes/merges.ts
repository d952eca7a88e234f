/** Merging a pull request, asking whether it was merged, and taking its base into it. */

import { ApiError, notFound } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { mergeTrees } from "../git/merge.ts";
import { optionalText, optionalWord } from "../input.ts";
import { mergePull } from "../merge-pull.ts";
import { pageOfRepository } from "../present/repository.ts";
import { baseOf } from "../pull-range.ts";
import { moveRefs } from "../ref-moves.ts";
import type { Context, Route } from "../router.ts";
import { personOf, webFlow, writeCommit } from "../signature.ts";
import { writerOf } from "../writer.ts";
import { pullOfContext } from "./pulls.ts";

async function merge(context: Context): Promise<Answer> {
  const { hub, repository, body, actor } = context;
  const sha = await mergePull(hub, repository, pullOfContext(context), {
    actor,
    method: optionalWord(body, "merge_method", ["merge", "squash", "rebase"]) ?? "merge",
    title: optionalText(body, "commit_title"),
    message: optionalText(body, "commit_message"),
    sha: optionalText(body, "sha"),
  });
  return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
}

async function updateBranch(context: Context): Promise<Answer> {
  const { hub, repository, body } = context;
  const pull = pullOfContext(context);
  const user = writerOf(context);
  const expected = optionalText(body, "expected_head_sha");
  if (expected !== undefined && expected !== pull.headSha) {
    throw new ApiError(422, "expected_head_sha does not match the current head");
  }
  if (pull.headRepositoryId !== repository.id) {
    throw new ApiError(403, "Head repository does not allow edits by maintainers");
  }
  const git = hub.git(repository);
  const base = await baseOf(hub, repository, pull);
  const before = pull.headSha;
  if (await git.isAncestor(base, before)) {
    throw new ApiError(422, "There are no new commits on the base branch.");
  }
  const tree = await mergeTrees(git, before, base);
  if (tree === undefined) throw new ApiError(422, "merge conflict between base and head");
  const draft = {
    tree,
    parents: [before, base],
    author: personOf(user, hub.store.now()),
    committer: webFlow(hub.store),
    message: `Merge branch '${pull.baseBranch}' into ${pull.headBranch}`,
  };
  const after = await writeCommit(hub.store, git, draft, true);
  const ref = `refs/heads/${pull.headBranch}`;
  await moveRefs(hub, repository, [{ ref, before, after }], { actor: user });
  const url = `${pageOfRepository(hub.store, repository)}/pull/${pull.issue.number}`;
  return { status: 202, body: { message: "Updating pull request branch.", url } };
}

const pull = "/repos/{owner}/{repo}/pulls/{pull_number}";
const contents = { name: "contents", level: "write" } as const;

export const mergeRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${pull}/merge`,
    permission: { name: "pull_requests", level: "read" },
    handle: (context) => {
      if (!pullOfContext(context).merged) throw notFound();
      return { status: 204 };
    },
  },
  { method: "PUT", path: `${pull}/merge`, permission: contents, handle: merge },
  {
    method: "PUT",
    path: `${pull}/update-branch`,
    permission: { name: "pull_requests", level: "write" },
    handle: updateBranch,
  },
];
