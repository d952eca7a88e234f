/** Three-way merges without a work tree. */

import type { Git } from "./git.ts";
import { formatCommit, type Signature } from "./object-text.ts";

/** Author of commits that exist only for a computation. */
const nobody: Signature = { name: "sandbox", email: "sandbox@localhost", date: new Date(0), zone: "+0000" };

/** The tree of merging two commits; undefined where they conflict. */
export async function mergeTrees(git: Git, ours: string, theirs: string): Promise<string | undefined> {
  const told = (await git.run(["merge-tree", "--write-tree", ours, theirs], undefined, [1])).toString("utf8");
  // With conflicts the tree is followed by the conflicted paths.
  const [tree = "", ...rest] = told.trim().split("\n");
  return rest.some((line) => /^\d{6} [0-9a-f]{40} [123]\t/.test(line)) ? undefined : tree;
}

/** The tree of a commit's own change, made on top of another commit; undefined where it conflicts. */
export async function replay(git: Git, sha: string, onto: string): Promise<string | undefined> {
  const commit = await git.commit(sha);
  const parent = commit.parents[0];
  if (parent === undefined || commit.parents.length > 1) return undefined;
  // Two made-up commits with one made-up parent give the merge the base that a cherry-pick has.
  const base = await scratch(git, (await git.commit(parent)).tree, []);
  const ours = await scratch(git, (await git.commit(onto)).tree, [base]);
  const theirs = await scratch(git, commit.tree, [base]);
  return await mergeTrees(git, ours, theirs);
}

async function scratch(git: Git, tree: string, parents: readonly string[]): Promise<string> {
  const text = { tree, parents, author: nobody, committer: nobody, message: "", signature: null };
  return await git.write("commit", formatCommit(text));
}
